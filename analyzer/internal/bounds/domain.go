package bounds

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Domain is what the elements of a collection are.
type Domain uint8

const (
	UnknownDomain Domain = iota
	Data                 // grows with use: files, records, urls, messages
	Fleet                // grows with the installation: peers, disks, listeners, configuration
)

// The words were collected from several hundred labelled loops of public code. They are evidence
// beside the origin of a collection, never alone: a fleet silences, data speaks up.
var (
	fleetWords = words(`
		peer node host server member replica store storage endpoint shard partition owner group listener upstream
		cluster zone region datacenter dc broker instance ingester location namespace plugin module provider
		consumer producer subscriber publisher observer handler hook callback vote voter address addr agent backend
		proxy worker thread cpu core disk drive device volume interface iface nic port connection conn socket
		client session channel link target collector exporter scraper monitor watcher informer controller manager
		service daemon component subsystem driver engine config configuration setting option flag feature
		metric gauge counter check checker probe test stage step phase level tier role quorum leader follower
		secondary primary slave master validator tracker announcer seed bootstrap relay gateway router
		register registry codec format version kind type category language locale currency os arch platform
		tick timer signal cron schedule scheduler interval delegate sink source input output pipe pipeline stream
		chunk batch part segment range bucket slot stripe page level lane color direction axis row column digit
		queryable querier resolver filter processor transform converter strategy algorithm policy rule
		network chain contract wallet committee epoch column runner executor machine bot node nodes dependency
		server servers set sets spec variant mode method op operation layer block`)
	dataWords = words(`
		url uri link href website domain site file path dir directory folder entry object key blob record item
		document doc image photo picture video media asset attachment message msg mail email event notification
		user account customer contact subscription order invoice payment transaction tx txn
		post comment article issue ticket task job todo template repo repository commit project
		container pod vm machine execution lock id ids uuid cid hash digest oid sha name word token
		request req query result response row tuple product sku book song track playlist feed
		tenant deployment upload download package crate artifact manifest tag line record
		symbol ticker coin block receipt proof certificate cert secret credential device dataset table schema`)
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// strongData are the words that say data whatever else is said: nobody configures these by hand,
// one by one, in numbers that stay small.
var strongData = words(`url uri link href file record document doc image photo video message msg email event
	user customer order transaction comment article row domain website template container blob page post`)

// labels are words that say nothing of what is named by them: the ids of peers are peers.
var labels = words(`id uuid name key url uri addr address ref info list map set slice config configuration status
	state value data obj object item entry ptr type spec result all array index path str string struct collection dict
	table pair tuple option opt detail meta metadata description desc summary content body handle link`)

// Domain judges what the elements are by all the names that a collection has on its way: of the
// variables, the fields and functions it comes from, of its element type, and of the work. In a
// name the last word counts, since that is what is meant: driverContainers are containers; a label
// such as id stands for what it labels.
func (b *Bounds) Domain(o Origin, elem types.Type, work string) Domain {
	names := append([]string{work}, o.Names...)
	if n, ok := types.Unalias(deref2(elem)).(*types.Named); ok {
		names = append(names, n.Obj().Name())
	}
	d := UnknownDomain
	for _, n := range names {
		switch w := head(split(n)); {
		case fleetWords[w] && !dataWords[w]:
			return Fleet
		case dataWords[w] && !fleetWords[w] && !searched(n, w):
			d = Data
		}
	}
	return d
}

// Called judges what the elements of a loop are by what stands at the loop alone: the name of the
// collection, of the loop's variables, and the type of the elements.
func (b *Bounds) Called(loop inspector.Cursor, o Origin, elem types.Type) Domain {
	at := Origin{}
	switch e := ast.Unparen(o.Over).(type) {
	case *ast.Ident:
		at = at.named(e.Name)
	case *ast.SelectorExpr:
		at = at.named(e.Sel.Name)
	}
	return b.Domain(at.named(elementNames(loop.Node())...), elem, "")
}

// searched reports whether a word of a name is what is searched, not what is found there: SearchDir
// finds anything but directories.
func searched(name, word string) bool {
	ws := syntax.Words(name)
	switch ws[0] {
	case "search", "scan", "find", "query":
	default:
		return false
	}
	return !slices.ContainsFunc(ws, func(w string) bool { return w != word && singular(w) == word })
}

// head is the word of a name that says what it is.
func head(ws []string) string {
	for i := len(ws) - 1; i >= 0; i-- {
		if !labels[ws[i]] {
			return ws[i]
		}
	}
	if len(ws) == 0 {
		return ""
	}
	return ws[len(ws)-1]
}

// StrongData reports whether a collection's own name or its element's says data beyond doubt.
func StrongData(names ...string) bool {
	for _, n := range names {
		if strongData[head(split(n))] {
			return true
		}
	}
	return false
}

func deref2(t types.Type) types.Type {
	if t == nil {
		return types.Typ[types.Invalid]
	}
	return deref(t)
}

// Element is the type of a collection's elements, nil if it is no collection.
func (b *Bounds) Element(e ast.Expr) types.Type {
	if e == nil {
		return nil
	}
	switch t := typeUnder(deref2(b.Info.TypeOf(e))).(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Map:
		if n, ok := types.Unalias(deref(t.Elem())).(*types.Named); ok {
			return n
		}
		return t.Key()
	case *types.Chan:
		return t.Elem()
	case *types.Signature:
		return yielded(t)
	}
	return nil
}

// yielded is what an iterator function yields: the value, if it yields keys too.
func yielded(seq *types.Signature) types.Type {
	if seq.Params().Len() != 1 {
		return nil
	}
	yield, ok := typeUnder(seq.Params().At(0).Type()).(*types.Signature)
	if !ok || yield.Params().Len() == 0 {
		return nil
	}
	return yield.Params().At(yield.Params().Len() - 1).Type()
}

// Batches reports whether the elements of a collection are collections: there are fewer of them,
// and somebody has made them.
func (b *Bounds) Batches(e ast.Expr) bool {
	var elem types.Type
	switch t := typeUnder(deref2(b.Info.TypeOf(e))).(type) {
	case *types.Slice:
		elem = t.Elem()
	case *types.Map:
		elem = t.Elem()
	case *types.Chan:
		elem = t.Elem()
	}
	switch typeUnder(elem).(type) {
	case *types.Slice, *types.Map:
		return true
	}
	return false
}

// split cuts an identifier into its words, lower case, singular.
func split(name string) []string {
	ws := syntax.Words(name)
	for i, w := range ws {
		ws[i] = singular(w)
	}
	return ws
}

func singular(w string) string {
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"), strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"):
		return w[:len(w)-2]
	case strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), len(w) <= 2:
		return w
	case strings.HasSuffix(w, "s"):
		return w[:len(w)-1]
	}
	return w
}

// lists reports whether a function's name says that it returns many of something that it finds
// elsewhere: ListObjects, FindDataFiles, QueryAll, getJobs.
func lists(name string) bool {
	ws := syntax.Words(name)
	if len(ws) == 0 {
		return false
	}
	switch ws[0] {
	case "list", "find", "query", "search", "scan", "select", "listing":
		return true
	case "get", "read", "load", "fetch", "all", "retrieve", "lookup":
		return strings.HasSuffix(name, "s") && !strings.HasSuffix(name, "ss") || ws[len(ws)-1] == "all" || ws[len(ws)-1] == "list" || ws[0] == "all"
	}
	return false
}
