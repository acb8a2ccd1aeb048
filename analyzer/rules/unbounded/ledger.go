package unbounded

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/throttle"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// ledger weighs the evidence for and against a fan-out that nothing bounds.
type ledger struct{ *reviewer }

// The ledger of unbounded: what is known of a place adds to a sum or takes away from it. From askAt up a
// careful reviewer would ask, from reportAt up any would agree.
const (
	reportAt = 100
	askAt    = 50
)

// sources are the weights of where there can be many from, if nothing else is known. Those that report
// alone were right nine times of ten on labelled code, those below once of three to five.
var sources = map[knowledge.Origin]int{
	knowledge.Request:   120,
	knowledge.Rows:      120,
	knowledge.Directory: 120,
	knowledge.File:      110,
	knowledge.Records:   110,
	knowledge.Response:  110,
	knowledge.Tree:      110,
	knowledge.Turns:     110,
	knowledge.Links:     100,
	knowledge.Messages:  100,
	knowledge.Pages:     100,
	knowledge.Listing:   90,
	knowledge.Parameter: 60,
	knowledge.Text:      60,
	knowledge.Arguments: 60,
	knowledge.Ticks:     60,
	knowledge.Answer:    60,
	knowledge.Unsaid:    15,
}

// read are the origins whose elements are records. Where that is told by a file, an answer or a list, they may
// also be what a program operates: told.
var (
	read = map[knowledge.Origin]bool{
		knowledge.Request: true, knowledge.Response: true, knowledge.Records: true, knowledge.File: true,
		knowledge.Tree: true, knowledge.Links: true, knowledge.Pages: true, knowledge.Directory: true,
	}
	told = map[knowledge.Origin]bool{knowledge.Response: true, knowledge.File: true, knowledge.Links: true}
)

// sure are the origins of which there are as many as somebody else likes, whatever is done with them.
var sure = map[knowledge.Origin]bool{
	knowledge.Request: true, knowledge.Rows: true, knowledge.Directory: true, knowledge.File: true,
	knowledge.Records: true, knowledge.Response: true, knowledge.Tree: true, knowledge.Links: true,
	knowledge.Messages: true, knowledge.Turns: true,
}

// sent are the origins whose elements nobody has set, whatever they are called; stored those that hold
// settings as well as data.
var (
	sent = map[knowledge.Origin]bool{
		knowledge.Request: true, knowledge.Response: true, knowledge.Rows: true, knowledge.Messages: true, knowledge.Tree: true,
	}
	stored = map[knowledge.Origin]bool{knowledge.File: true, knowledge.Records: true, knowledge.Directory: true}
)

// What else is known of a place.
const (
	aPage       = 55   // of a listing that is told how many, by somebody
	sureData    = 40   // names say data, beyond doubt
	someData    = 25   // a name says data
	aMessage    = 25   // their type is that of what goes over a wire
	aFleet      = -40  // a name says a fleet
	aUnit       = 5    // a name says units, of which some operate thousands: enough to ask
	aFew        = -40  // a name says what has names in the source
	ofFleet     = -10  // a name says that they come from a fleet
	aSetting    = -100 // a name says settings
	tokenInside = 60   // who throttles it inside does not think that it is few
	tooWide     = 50   // nor who makes a token for each
	aVisit      = 10   // who calls back for each, or sends each, has not got them all in a list
	ofQuorum    = -100 // a majority decides: there are as many as agreed to
	ofPart      = -10  // a part of a parameter: its history is not told
	aChoice     = -60  // a number, not a length
	ofPieces    = -30  // pieces, which somebody has cut
	notFed      = -50  // the task is not given what the loop receives: a batch, a hint
	perhapsFed  = -60  // a function that is called for each message decides whether to start it
	nowAndThen  = -50  // it starts once in so many turns, or so often
	noWait      = -30  // the task waits nowhere: only how many there are could make it too many
	aWorker     = -200 // the task is the loop of a worker
)

// A fanOut is what the ledger holds of one thing that multiplies a spawn.
type fanOut struct {
	factor   number.Factor
	throttle throttle.Throttle
	sum      int
	most     int  // the largest sum, with what multiplies the spawn on the same way
	fleet    bool // the elements are called a fleet
	cut      bool // they are called pieces
	reasons  []verdict.Reason
}

func (f *fanOut) level() verdict.Level {
	switch {
	case f.sum >= reportAt:
		return verdict.Report
	case f.sum >= askAt:
		return verdict.Ask
	}
	return verdict.Silent
}

// add adds to the ledger.
func (f *fanOut) add(weight int, format string, args ...any) {
	if weight == 0 {
		return
	}
	f.sum += weight
	reason := verdict.Against(f.factor.Pos, format, args...)
	reason.For = weight > 0
	f.reasons = append(f.reasons, reason)
}

// weigh is the ledger of one thing that multiplies a spawn.
func (r ledger) weigh(s *sites.Spawn, factor number.Factor, t throttle.Throttle) fanOut {
	f := fanOut{factor: factor, throttle: t}
	if r.spins(s, factor) {
		f.factor.Kind, f.factor.Origin, f.factor.Pos = number.Grows, knowledge.Turns, factor.Region.Node().Pos()
		f.factor.Why = "the loop never ends and waits for nothing"
	}
	x := f.factor.Number
	switch {
	case x.Kind <= number.Bounded:
		if _, loop := factor.Region.Node().(ast.Stmt); loop {
			f.reasons = append(f.reasons, verdict.Against(x.Pos, "it is bounded: %s", x.Why))
		}
		return f
	case x.Kind == number.Unknown && x.Origin == knowledge.Unsaid && (x.Of == nil && t.Kind != throttle.Inside || x.Why == number.TooFar):
		why := x.Why
		if why == "" {
			why = "it is not known how often the loop runs"
		}
		f.reasons = append(f.reasons, verdict.Against(x.Pos, "%s", why))
		return f
	}
	f.source(x)
	switch t.Kind {
	case throttle.Inside:
		f.add(tokenInside, "a token is acquired only inside the task, when all of them already exist")
	case throttle.TooWide:
		f.add(tooWide, "there is a token for each")
	}
	f.domain(r.domain(s, factor), x)
	if _, loop := factor.Region.Node().(ast.Stmt); (!loop || r.overChannel(factor)) && x.Kind == number.Grows && x.Origin == knowledge.Listing {
		f.add(aVisit, "they are not returned as a list")
	}
	if r.majority(factor) {
		f.add(ofQuorum, "a majority of them decides")
	}
	if x.Origin == knowledge.Parameter || x.Origin == knowledge.Listing || x.Origin == knowledge.Pages || x.Origin == knowledge.Answer {
		if !f.cut && pieces(r.Info.TypeOf(x.Of)) {
			f.add(ofPieces, "the elements are pieces")
		}
	}
	if x.Kind == number.Unknown && (x.Origin == knowledge.Answer || x.Origin == knowledge.Parameter && t.Kind == throttle.NoThrottle) && x.Of != nil && isNumber(r.Info.TypeOf(x.Of)) {
		f.add(aChoice, "the number was chosen by somebody")
	}
	if x.Origin == knowledge.Parameter {
		if sel, part := ast.Unparen(x.Of).(*ast.SelectorExpr); part && x.Of != nil {
			if t := syntax.Named(r.Info.TypeOf(sel.X)); t != nil && knowledge.SaysSetting(t.Obj().Name()) {
				f.add(aSetting, "it is part of the settings (%s)", t.Obj().Name())
			} else {
				f.add(ofPart, "it is part of a parameter")
			}
		}
	}
	if !sure[x.Origin] && !r.waits(s) {
		f.add(noWait, "the task never waits")
	}
	if factor.Far > 0 && (x.Origin == knowledge.Messages || r.overChannel(factor)) && !r.rarity.eachTime(s, factor) {
		f.add(perhapsFed, "it is started by a function that is called for each message, perhaps only for some of them")
	}
	switch {
	case factor.Far > 0:
	case r.rarity.occasional(s, factor): // a batch
		f.add(nowAndThen, "it starts only when a count or a time is reached, which is then reset")
	case !r.fed(s, factor):
		f.add(notFed, "the task does not use what the loop receives")
	}
	if t.Kind != throttle.Inside && r.Throttles.Worker(s) && !r.byNumber(factor) {
		f.add(aWorker, "the task is a worker loop")
	}
	f.doubt(r.doubt(s, factor, f, t))
	if f.level() == verdict.Silent && !slices.ContainsFunc(f.reasons, func(r verdict.Reason) bool { return !r.For }) {
		f.reasons = append(f.reasons, verdict.Against(x.Pos, "%s", said(x)))
	}
	return f
}

// majority reports whether a function compares something with the half of the collection that a loop goes through.
func (r ledger) majority(f number.Factor) bool {
	v := r.Variable(f.Of)
	if v == nil || f.In == nil {
		return false
	}
	half := func(e ast.Expr) bool {
		q, ok := ast.Unparen(e).(*ast.BinaryExpr)
		if !ok || q.Op != token.QUO || r.Info.Types[q.Y].Value == nil || r.Info.Types[q.Y].Value.ExactString() != "2" {
			return false
		}
		call, ok := ast.Unparen(q.X).(*ast.CallExpr)
		return ok && len(call.Args) == 1 && r.Info.Types[call.Fun].IsBuiltin() && r.Variable(call.Args[0]) == v
	}
	for c := range f.In.Cur.Preorder((*ast.BinaryExpr)(nil)) {
		if e := c.Node().(*ast.BinaryExpr); isComparison(e) && (half(e.X) || half(e.Y)) {
			return true
		}
	}
	return false
}

// setUp is why to ask only about a fleet.
const setUp = "there are only as many as somebody has set up"

// doubt leaves it at a question, whatever the sum, if there is a reason.
func (f *fanOut) doubt(why string) {
	if why != "" && f.sum >= reportAt {
		f.add(reportAt-1-f.sum, "%s", why)
	}
}

// doubt is why to ask only, whatever the sum; "" if there is no reason.
func (r ledger) doubt(s *sites.Spawn, factor number.Factor, f fanOut, t throttle.Throttle) string {
	switch x := factor.Number; {
	case f.fleet:
		return setUp
	case f.cut || r.rarity.cuts(s, factor):
		return "there are only as many as the program has cut"
	case x.Origin == knowledge.Answer && t.Kind == throttle.NoThrottle:
		return "it is not known how many the function returns"
	case x.Origin == knowledge.Messages && !r.waits(s):
		return "the task never waits: it is done before many more have come"
	case r.rarity.oncePerKey(s, factor):
		return "it starts once for each new key"
	case r.rarity.ofOneKind(s.Cur, factor, factor.Far):
		return "it starts for elements of one kind only, among others"
	}
	return r.doubtOf(factor.Number)
}

// doubtOf is the same for what is told by the number alone.
func (r ledger) doubtOf(x number.Number) string {
	switch {
	case x.Origin == knowledge.Ticks:
		return "a clock ticks only as fast as somebody has set it"
	case x.Origin == knowledge.Arguments:
		return "whoever starts the program names them"
	case x.Origin == knowledge.Text:
		return "somebody has written them into one text"
	case r.runs(x):
		return "they are functions, which no one outside can send"
	}
	return ""
}

// said is what is known of a number.
func said(x number.Number) string { return cmp.Or(x.Why, "its length is not known") }

// source adds where there can be many from.
func (f *fanOut) source(x number.Number) {
	weight := sources[x.Origin]
	if x.Kind == number.Unknown && x.Origin == knowledge.Listing {
		weight = aPage
	}
	f.add(weight, "%s", said(x))
}

// domain adds what the elements are.
func (f *fanOut) domain(d domain, x number.Number) {
	switch set := d.set(x); {
	case set != "":
		f.add(aSetting, "the names suggest settings (%s)", set)
	case x.Kind == number.Unknown && x.Origin == knowledge.Listing: // a page is as long as somebody asks
	case x.Origin == knowledge.Ticks: // a clock has no elements that could be called something
	default:
		f.called(d, x)
	}
}

// set is the name that says that somebody has set a number, or listed the elements; "" if none does.
func (d domain) set(x number.Number) string {
	switch {
	case d.setting != "" && (!sent[x.Origin] || x.Origin == knowledge.Tree): // the options of a request are a client's
		return d.setting
	case stored[x.Origin] || x.Origin == knowledge.Answer || x.Origin == knowledge.Listing || x.Origin == knowledge.Parameter && isPart(x.Of):
		return d.fromSetting
	}
	return ""
}

// called adds what the elements are called, and what they come from.
func (f *fanOut) called(d domain, x number.Number) {
	operated := !read[x.Origin]                                                                                     // what is read is data, whatever it is called
	if d.is == knowledge.Fleet && (operated || told[x.Origin] && !d.page || d.kept && x.Origin != knowledge.Tree) { // a tree has nodes
		f.fleet = true
		if x.Origin == knowledge.Arguments { // whoever starts the program names as many as he likes
			return
		}
		if d.unit && (x.Origin == knowledge.Parameter || x.Origin == knowledge.Text || x.Origin == knowledge.Answer) {
			f.add(aUnit, "the names suggest units of which a program operates very many")
			return
		}
		f.add(aFleet, "the names suggest things that a program operates")
		return
	}
	if operated && d.is == knowledge.Few && !d.message && !d.tasks {
		f.add(aFew, "the names suggest a list that the program defines")
		return
	}
	if operated && d.is == knowledge.Pieces && !sent[x.Origin] {
		f.cut = true
		f.add(ofPieces, "the names suggest pieces")
	}
	if d.message {
		f.add(aMessage, "the elements are messages")
	}
	if d.open || (operated || told[x.Origin]) && d.ofUnit {
		f.fleet = true
	}
	if operated && (d.from == knowledge.Fleet || d.from == knowledge.Few) {
		f.add(ofFleet, "the names suggest things that a program operates")
		if d.label { // the urls of members are members
			return
		}
	}
	is := d.is
	if is != knowledge.Sure && is != knowledge.Data {
		is = d.from
	}
	switch is {
	case knowledge.Sure:
		f.add(sureData, "the names suggest data")
	case knowledge.Data:
		f.add(someData, "the names suggest data")
	}
}

// A domain is what names say that the elements of a collection are.
type domain struct {
	is          knowledge.Domain // what they are called themselves
	from        knowledge.Domain // what they come from is called
	label       bool             // they are called by what they are known by: urls of members
	message     bool             // they are messages of a protocol
	kept        bool             // they are objects that the program has made and goes on with
	open        bool             // likewise, and each is open until it is closed
	unit        bool             // they are called units of a fleet
	tasks       bool             // they are functions that callers pass, of which there are as many as these make
	page        bool             // they are a page's
	ofUnit      bool             // they are those of one unit of a fleet, whose units are gone through
	setting     string           // they are called so, which speaks of settings
	fromSetting string           // what they come from is
}

// domain judges by what stands at a loop (the names of the collection and of its elements, their type, what
// the work is called), and by the variables, fields and functions that they come from.
func (r ledger) domain(s *sites.Spawn, f number.Factor) domain {
	work := ""
	if s != nil && s.Callee != nil && len(knowledge.Words(s.Callee.Name())) > 1 { // a verb alone says nothing of what it is done to
		work = s.Callee.Name()
	}
	return r.called(r.elementNames(f), work, f.Number)
}

func (r ledger) called(names []string, work string, x number.Number) domain {
	message, kept, open := false, false, false
	if x.Of != nil {
		if n := syntax.Named(element(r.Info.TypeOf(x.Of))); n != nil {
			names = append(names, typeName(n.Obj()))
			message, kept = isMessage(n), r.keeps(x, n)
			open = kept && hasMethod(n, "Close")
		} else {
			message = decoded(element(r.Info.TypeOf(x.Of)))
		}
	}
	label := !slices.ContainsFunc(names, func(n string) bool { return len(n) > 1 && !knowledge.Labels(n) })
	if work != "" {
		names = append(names, work)
	}
	at, from := domainOf(names), domainOf(x.Names)
	unit := slices.ContainsFunc(names, knowledge.SaysUnit)
	return domain{at.is, from.is, label, message, kept, open, unit, r.passedTasks(x), slices.ContainsFunc(x.Names, knowledge.SaysPage), r.ofUnit(x.Of), at.setting, from.setting}
}

// keeps reports whether a collection holds pointers to objects: not what was read, but what the program has made
// of it and goes on with. It is a field, with objects of this package, or what the entries of a directory became.
func (r ledger) keeps(x number.Number, of *types.Named) bool {
	e := element(r.Info.TypeOf(x.Of))
	if e == nil {
		return false
	}
	if _, object := e.Underlying().(*types.Pointer); !object {
		return false
	}
	v := r.Variable(x.Of)
	return x.Origin == knowledge.Directory || v != nil && v.IsField() && of.Obj().Pkg() == r.Types
}

// passedTasks reports whether a collection is one of functions that callers pass.
func (r ledger) passedTasks(x number.Number) bool {
	return x.Origin == knowledge.Parameter && x.Of != nil && !isPart(x.Of) && r.ofFunctions(x.Of)
}

// runs reports whether a collection, not a stream, is one of functions: each was written for it.
func (r ledger) runs(x number.Number) bool {
	found := sent[x.Origin] || x.Origin == knowledge.Answer || x.Origin == knowledge.Listing
	return found && x.Of != nil && !isChannel(r.Info.TypeOf(x.Of)) && r.ofFunctions(x.Of)
}

// ofFunctions reports whether the elements of a collection are functions.
func (r ledger) ofFunctions(collection ast.Expr) bool {
	e := element(r.Info.TypeOf(collection))
	if e == nil {
		return false
	}
	_, is := e.Underlying().(*types.Signature)
	return is
}

// isPart reports whether a collection is a part of a value.
func isPart(collection ast.Expr) bool {
	_, part := ast.Unparen(collection).(*ast.SelectorExpr)
	return part
}

// ofUnit reports whether a collection is a part of a unit of a fleet that a loop goes through: pod.Containers.
func (r ledger) ofUnit(collection ast.Expr) bool {
	part := false
	for {
		sel, ok := ast.Unparen(collection).(*ast.SelectorExpr)
		if !ok {
			break
		}
		collection, part = sel.X, true
	}
	v := r.Variable(collection)
	if !part || v == nil || v.IsField() {
		return false
	}
	d, ok := r.Only(v)
	if !ok || d.Kind != syntax.RangeValue {
		return false
	}
	t := syntax.Named(v.Type())
	return knowledge.DomainOf(v.Name()) == knowledge.Fleet || t != nil && knowledge.DomainOf(t.Obj().Name()) == knowledge.Fleet
}

// typeName is the name of a type, with its package's where that says what it is: blob.ID.
func typeName(t *types.TypeName) string {
	if t.Pkg() != nil && knowledge.Labels(t.Name()) {
		return t.Pkg().Name() + t.Name()
	}
	return t.Name()
}

// decoded reports whether a type is what a document of any form is decoded into.
func decoded(t types.Type) bool {
	if m, ok := t.(*types.Map); ok {
		t = m.Elem()
	}
	if t == nil {
		return false
	}
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

// isMessage reports whether a type is one that protoc has generated.
func isMessage(t *types.Named) bool {
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), true, nil, "ProtoMessage")
	_, ok := obj.(*types.Func)
	return ok
}

func domainOf(names []string) domain {
	var d domain
	for _, n := range names {
		if d.setting == "" && knowledge.SaysSetting(n) {
			d.setting = n
		}
		switch is := knowledge.DomainOf(n); {
		case is == knowledge.Fleet:
			d.is = is
		case d.is == knowledge.Fleet:
		case is == knowledge.Few:
			d.is = is
		case d.is == knowledge.Few:
		case is == knowledge.Pieces:
			d.is = is
		case d.is == knowledge.Pieces:
		case is == knowledge.Sure || d.is == knowledge.NoDomain:
			d.is = is
		}
	}
	return d
}

// elementNames are the names that a loop gives to its elements: for i, x := range xs, and x := xs[i] in
// a loop by an index.
func (r ledger) elementNames(f number.Factor) []string {
	name := func(e ast.Expr) string {
		if id, ok := e.(*ast.Ident); ok && id.Name != "_" {
			return id.Name
		}
		return ""
	}
	var names []string
	switch n := f.Region.Node().(type) {
	case *ast.RangeStmt:
		each := n.Value
		if each == nil || name(each) == "" {
			each = n.Key
		}
		names = append(names, name(each))
		if isNumber(r.Info.TypeOf(each)) { // an index
			names = append(names, r.indexed(n.Body, each)...)
		}
	case *ast.ForStmt:
		for _, st := range n.Body.List {
			as, ok := st.(*ast.AssignStmt)
			if !ok || len(as.Lhs) == 0 || len(as.Rhs) != 1 {
				continue
			}
			rhs := ast.Unparen(as.Rhs[0])
			if u, ok := rhs.(*ast.UnaryExpr); ok {
				rhs = ast.Unparen(u.X)
			}
			switch rhs.(type) {
			case *ast.IndexExpr, *ast.CallExpr:
				names = append(names, name(as.Lhs[0]))
			}
		}
	}
	switch e := ast.Unparen(f.Of).(type) {
	case *ast.Ident:
		names = append(names, e.Name)
	case *ast.SelectorExpr:
		names = append(names, e.Sel.Name)
	}
	return names
}

// indexed are the names that a loop gives to the elements at an index: x := xs[i].
func (r ledger) indexed(body *ast.BlockStmt, index ast.Expr) []string {
	var names []string
	i := r.Variable(index)
	for _, st := range body.List {
		as, ok := st.(*ast.AssignStmt)
		if !ok || len(as.Rhs) != 1 {
			continue
		}
		at, ok := ast.Unparen(as.Rhs[0]).(*ast.IndexExpr)
		if !ok || i == nil || r.Variable(at.Index) != i {
			continue
		}
		if id, ok := as.Lhs[0].(*ast.Ident); ok && id.Name != "_" {
			names = append(names, id.Name)
		}
	}
	return names
}

// element is the type of a collection's elements, nil if it is no collection.
func element(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	t = t.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	switch t := t.(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Map:
		if syntax.Named(t.Elem()) != nil {
			return t.Elem()
		}
		return t.Key()
	case *types.Chan:
		return t.Elem()
	}
	return nil
}

// pieces reports whether the elements of a collection are collections: there are fewer of them, and
// somebody has made them.
func pieces(t types.Type) bool {
	e := element(t)
	if e == nil {
		return false
	}
	switch e.Underlying().(type) {
	case *types.Slice, *types.Map:
		return true
	}
	return false
}

// byNumber reports whether a loop starts as many as a number says that came from outside: even workers
// are then as many as somebody outside likes.
func (r ledger) byNumber(f number.Factor) bool {
	if f.Kind != number.Grows {
		return false
	}
	switch n := f.Region.Node().(type) {
	case *ast.RangeStmt:
		return isNumber(r.Info.TypeOf(n.X))
	case *ast.ForStmt:
		return f.Origin != knowledge.Messages && n.Cond != nil && isComparison(n.Cond) && !r.indexes(n, f.Of)
	}
	return false
}

// indexes reports whether a loop takes the elements of a collection one by one: xs[i].
func (r ledger) indexes(loop *ast.ForStmt, of ast.Expr) bool {
	v := r.Variable(of)
	if v == nil {
		return false
	}
	found := false
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		if ix, ok := n.(*ast.IndexExpr); ok && r.Variable(ix.X) == v {
			found = true
		}
		return !found
	})
	return found
}

func isComparison(e ast.Expr) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && b.Op.Precedence() == 3
}

// spins reports whether a loop without a condition starts a task in each turn, and is known to wait for nothing
// in between.
func (r ledger) spins(s *sites.Spawn, f number.Factor) bool {
	loop, ok := f.Region.Node().(*ast.ForStmt)
	if !ok || loop.Cond != nil || f.Kind != number.Unknown || f.Origin != knowledge.Unsaid || f.Far > 0 {
		return false
	}
	waits := false
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SendStmt, *ast.SelectStmt, *ast.RangeStmt, *ast.ForStmt:
			waits = true
		case *ast.UnaryExpr:
			waits = waits || n.Op == token.ARROW
		case *ast.CallExpr:
			if n == s.Call.Expr || r.Info.Types[n.Fun].IsType() || r.Info.Types[n.Fun].IsBuiltin() {
				break
			}
			if c := r.Call(n); r.Catalog.Func(c.Callee) == nil || r.Catalog.Func(c.Callee).Role == catalog.Acquire {
				e := r.Effects.Task(n.Fun, c.In)
				waits = waits || !e.Quiet()
			}
		}
		return !waits
	})
	return !waits
}

// fed reports whether a loop over a channel gives the spawn what it has received, or a part of it. Of
// other loops that need not be seen.
func (r ledger) fed(s *sites.Spawn, f number.Factor) bool {
	loop, ok := f.Region.Node().(*ast.ForStmt)
	if !ok || f.Origin != knowledge.Messages || f.Of == nil || !isChannel(r.Info.TypeOf(f.Of)) {
		return true
	}
	ch := r.Variable(f.Of)
	known := map[*types.Var]bool{}
	found := false
	ast.Inspect(loop, func(n ast.Node) bool {
		as, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		from := false
		for _, e := range as.Rhs {
			ast.Inspect(e, func(m ast.Node) bool {
				switch m := m.(type) {
				case *ast.UnaryExpr:
					from = from || r.Variable(m.X) == ch && ch != nil || types.ExprString(m.X) == types.ExprString(f.Of)
				case *ast.Ident:
					if v, ok := r.Info.Uses[m].(*types.Var); ok && known[v] {
						from = true
					}
				case *ast.CallExpr:
					if id, ok := m.Fun.(*ast.Ident); ok && id.Name == "append" {
						return false // a batch
					}
				case *ast.FuncLit:
					return false
				}
				return true
			})
		}
		if from {
			found = true
			for _, l := range as.Lhs {
				if v := r.Variable(l); v != nil && !v.IsField() {
					known[v] = true
				}
			}
		}
		return true
	})
	if !found {
		return false // <-ch: it says only that something is
	}
	fed := false
	ast.Inspect(s.Call.Expr, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := r.Info.Uses[id].(*types.Var); ok && known[v] {
				fed = true
			}
		}
		return !fed
	})
	return fed
}

// overChannel reports whether a loop ranges over a channel.
func (r ledger) overChannel(f number.Factor) bool {
	loop, ok := f.Region.Node().(*ast.RangeStmt)
	return ok && isChannel(r.Info.TypeOf(loop.X))
}

func isChannel(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// weighSize is how sure it is that the size of a pool, the length of something, is no bound.
func (r ledger) weighSize(arg ast.Expr, x number.Number) verdict.Level {
	f := fanOut{factor: number.Factor{Number: x}}
	f.source(x)
	f.add(tooWide, "there is a worker for each")
	f.domain(r.domainOfValue(x), x)
	if f.fleet {
		f.doubt(setUp)
	}
	return f.level()
}

// weighElements is how sure it is that a helper is given too many.
func (r ledger) weighElements(arg ast.Expr, x number.Number) verdict.Level {
	f := fanOut{factor: number.Factor{Number: x}}
	if x.Kind <= number.Bounded || x.Origin == knowledge.Unsaid {
		return verdict.Silent
	}
	f.source(x)
	f.domain(r.domainOfValue(x), x)
	if f.fleet {
		f.doubt(setUp)
	}
	if x.Origin == knowledge.Parameter && f.level() == verdict.Report {
		return verdict.Ask
	}
	f.doubt(r.doubtOf(x))
	return f.level()
}

func (r ledger) domainOfValue(x number.Number) domain {
	var names []string
	switch e := ast.Unparen(x.Of).(type) {
	case *ast.Ident:
		names = append(names, e.Name)
	case *ast.SelectorExpr:
		names = append(names, e.Sel.Name)
	}
	return r.called(names, "", x)
}
