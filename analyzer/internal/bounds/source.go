package bounds

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// sources are standard functions whose result grows with what they read.
var sources = map[string]struct {
	source Source
	text   string
}{
	"os.ReadDir":                  {Directory, "the entries of a directory"},
	"io/ioutil.ReadDir":           {Directory, "the entries of a directory"},
	"os.File.ReadDir":             {Directory, "the entries of a directory"},
	"os.File.Readdir":             {Directory, "the entries of a directory"},
	"os.File.Readdirnames":        {Directory, "the entries of a directory"},
	"io/fs.ReadDir":               {Directory, "the entries of a directory"},
	"io/fs.Glob":                  {Directory, "the files that match a pattern"},
	"path/filepath.Glob":          {Directory, "the files that match a pattern"},
	"net/url.URL.Query":           {Request, "from the request's query"},
	"net/url.ParseQuery":          {Request, "from the request's query"},
	"net/http.Request.Cookies":    {Request, "from the request"},
	"encoding/csv.Reader.ReadAll": {Lines, "the records of an input"},
}

// knownSource recognises standard sources, and methods of a request.
func (b *Bounds) knownSource(c *syntax.Call) (Origin, bool) {
	name := qualified(c.Callee)
	if s, ok := sources[name]; ok {
		if n := c.Arg(0); n != nil && strings.HasPrefix(name, "os.File.") && b.several(n) {
			return bounded(n.Pos(), "a fixed number"), true
		}
		return Origin{State: Open, Source: s.source, Pos: c.NamePos(), Text: s.text}, true
	}
	switch name {
	case "flag.Args", "flag.FlagSet.Args", "os.Environ", "strings.NewReplacer":
		return bounded(c.NamePos(), "the command line or the environment"), true
	case "net/url.Values.Get", "net/http.Request.FormValue", "net/http.Request.PostFormValue", "net/http.Header.Get", "net/http.Header.Values",
		"net/http.Request.PathValue":
		if recv := c.Recv(); recv != nil {
			if o := b.valueOrigin(recv); o.Source == Request {
				return o, true
			}
			if name != "net/url.Values.Get" {
				return Origin{State: Open, Source: Request, Pos: c.NamePos(), Text: "from the request"}, true
			}
		}
		return Origin{}, true
	}
	if recv := c.Recv(); recv != nil {
		if o, ok := b.requestType(recv); ok {
			if v := b.Variable(recv); v != nil && b.clampedGetter(v, c.Callee, c.Expr.Pos()) {
				return bounded(c.NamePos(), "its length is checked"), true
			}
			return o, true // c.QueryArray("id"), req.GetItems()
		}
	}
	return Origin{}, false
}

// several reports whether a number is a constant above zero, where less means all.
func (b *Bounds) several(n ast.Expr) bool {
	size := b.Size(n)
	return size.Kind == Const && size.Value > 0
}

// qualified is a function's name with package path and receiver: net/url.URL.Query.
func qualified(f *types.Func) string {
	if f.Pkg() == nil {
		return f.Name()
	}
	recv := f.Signature().Recv()
	if recv == nil {
		return f.Pkg().Path() + "." + f.Name()
	}
	if n := syntax.Named(recv.Type()); n != nil {
		return f.Pkg().Path() + "." + n.Obj().Name() + "." + f.Name()
	}
	return f.Pkg().Path() + "." + f.Name()
}

// requests are the types that carry a request of a client.
var requests = map[string]bool{
	"net/http.Request":                          true,
	"github.com/gin-gonic/gin.Context":          true,
	"github.com/labstack/echo/v4.Context":       true,
	"github.com/gofiber/fiber/v2.Ctx":           true,
	"github.com/gofiber/fiber/v3.Ctx":           true,
	"github.com/valyala/fasthttp.RequestCtx":    true,
	"github.com/labstack/echo.Context":          true,
	"github.com/kataras/iris/v12.Context":       true,
	"github.com/emicklei/go-restful/v3.Request": true,
}

// requestType reports whether an expression is a request of a client: of a known type, or the
// message of an RPC handler, func (s *Server) M(ctx, *MRequest) (*MResponse, error).
func (b *Bounds) requestType(e ast.Expr) (Origin, bool) {
	t := b.Info.TypeOf(e)
	if t == nil {
		return Origin{}, false
	}
	if isRequest(t) {
		return Origin{State: Open, Source: Request, Pos: e.Pos(), Text: "from the request"}, true
	}
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		if v, ok := b.Info.ObjectOf(id).(*types.Var); ok {
			return b.requestVar(v)
		}
	}
	return Origin{}, false
}

func isRequest(t types.Type) bool {
	n := syntax.Named(t)
	return n != nil && n.Obj().Pkg() != nil && requests[n.Obj().Pkg().Path()+"."+n.Obj().Name()]
}

// requestVar recognises the request message of an RPC handler.
func (b *Bounds) requestVar(v *types.Var) (Origin, bool) {
	if isRequest(v.Type()) {
		return Origin{State: Open, Source: Request, Pos: v.Pos(), Text: "from the request"}, true
	}
	for _, d := range b.Var(v).Defs {
		if d.Kind == syntax.Param && d.In != nil && rpcHandler(d.In.Sig, v) {
			return Origin{State: Open, Source: Request, Pos: v.Pos(), Text: "from the request " + v.Name()}, true
		}
	}
	return Origin{}, false
}

// rpcHandler recognises the shape that generated servers give a method: context and message in,
// message and error out, messages by pointer, the one in a protobuf message called a request.
func rpcHandler(sig *types.Signature, v *types.Var) bool {
	if sig.Recv() == nil || sig.Params().Len() != 2 || sig.Results().Len() != 2 || sig.Params().At(1) != v {
		return false
	}
	if !syntax.Is(sig.Params().At(0).Type(), "context", "Context") {
		return false
	}
	p, ok := types.Unalias(v.Type()).(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok || !strings.HasSuffix(n.Obj().Name(), "Request") && !strings.HasSuffix(n.Obj().Name(), "Req") {
		return false
	}
	ms := types.NewMethodSet(p)
	return ms.Lookup(nil, "ProtoMessage") != nil || ms.Lookup(nil, "ProtoReflect") != nil
}

// fillers are functions that decode or load into what their argument points to.
var fillers = map[string]struct {
	arg    int
	source Source
}{
	"encoding/json.Unmarshal":                         {1, NoSource},
	"encoding/json.Decoder.Decode":                    {0, NoSource},
	"encoding/xml.Decoder.Decode":                     {0, NoSource},
	"encoding/gob.Decoder.Decode":                     {0, NoSource},
	"gorm.io/gorm.DB.Find":                            {0, Rows},
	"gorm.io/gorm.DB.Scan":                            {0, Rows},
	"gorm.io/gorm.DB.Pluck":                           {1, Rows},
	"github.com/jmoiron/sqlx.DB.Select":               {0, Rows},
	"github.com/jmoiron/sqlx.Tx.Select":               {0, Rows},
	"xorm.io/xorm.Session.Find":                       {0, Rows},
	"xorm.io/xorm.Engine.Find":                        {0, Rows},
	"go.mongodb.org/mongo-driver/mongo.Cursor.All":    {1, Rows},
	"go.mongodb.org/mongo-driver/v2/mongo.Cursor.All": {1, Rows},
	"github.com/gin-gonic/gin.Context.ShouldBindJSON": {0, Request},
	"github.com/gin-gonic/gin.Context.BindJSON":       {0, Request},
	"github.com/gin-gonic/gin.Context.ShouldBind":     {0, Request},
	"github.com/gin-gonic/gin.Context.Bind":           {0, Request},
	"github.com/gofiber/fiber/v2.Ctx.BodyParser":      {0, Request},
	"github.com/labstack/echo/v4.Context.Bind":        {0, Request},
}

// filled is the origin of a variable whose address is given to a function that fills it.
func (b *Bounds) filled(v *types.Var) Origin {
	for _, u := range b.Var(v).Uses {
		c := u
		if c.ParentEdgeKind() == edge.UnaryExpr_X && c.Parent().Node().(*ast.UnaryExpr).Op == token.AND {
			c = syntax.Outer(c.Parent())
		} else if _, ptr := types.Unalias(v.Type()).(*types.Pointer); !ptr {
			continue
		}
		if c.ParentEdgeKind() != edge.CallExpr_Args {
			continue
		}
		call := b.Call(c.Parent().Node().(*ast.CallExpr))
		if call.Callee == nil {
			continue
		}
		f, ok := fillers[qualified(call.Callee)]
		if n := b.page(call); n != nil && (f.source == Rows || !ok && b.loads(call, c)) {
			return b.originOfPage(call, n)
		}
		if !ok && b.loads(call, c) {
			return Origin{State: Open, Source: Listing, Pos: call.NamePos(), Text: "loaded by " + callName(call)}.named(call.Callee.Name())
		}
		if !ok || f.arg != c.ParentEdgeIndex() {
			continue
		}
		switch {
		case f.source == Rows:
			return Origin{State: Open, Source: Rows, Pos: call.NamePos(), Text: "loaded by " + callName(call)}
		case f.source == Request || b.decodesRequest(call):
			return Origin{State: Open, Source: Request, Pos: call.NamePos(), Text: "from the request body"}
		}
	}
	return Origin{}
}

// loads recognises a call that fills a slice it is given a pointer to, of a data layer that nobody
// described: db.All(&projects, …).
func (b *Bounds) loads(c *syntax.Call, arg inspector.Cursor) bool {
	if arg.ParentEdgeIndex() > 1 || c.Callee.Signature().Recv() == nil {
		return false
	}
	if _, ok := typeUnder(deref2(b.Info.TypeOf(arg.Node().(ast.Expr)))).(*types.Slice); !ok {
		return false
	}
	switch c.Callee.Name() {
	case "All", "Find", "FindAll", "Select", "SelectContext", "Scan", "ScanAll", "Load", "LoadAll", "Query", "GetAll":
		return true
	}
	return false
}

// page is how many a query asks for at most: db.Limit(n).Find(&xs), db.All(&xs, dal.Limit(n)); nil if
// it does not say.
func (b *Bounds) page(c *syntax.Call) ast.Expr {
	var n ast.Expr
	look := func(e ast.Node) bool {
		if call, ok := e.(*ast.CallExpr); ok && n == nil && len(call.Args) == 1 {
			if f := b.FuncObj(call.Fun); f != nil && f.Name() == "Limit" {
				n = call.Args[0]
			}
		}
		return n == nil
	}
	if recv := c.Recv(); recv != nil {
		ast.Inspect(recv, look)
	}
	for _, a := range c.Expr.Args {
		if b.limitedSQL(a) {
			return a
		}
		ast.Inspect(a, look)
		if v := b.Variable(a); v != nil {
			for _, d := range b.Var(v).Defs { // clauses = append(clauses, dal.Limit(n))
				if d.Expr != nil && d.Expr.Pos() < c.Expr.Pos() {
					ast.Inspect(d.Expr, look)
				}
			}
		}
	}
	return n
}

// limitedSQL reports whether an expression is an SQL query with a LIMIT: the word, and a number or the
// place of one after it.
func (b *Bounds) limitedSQL(e ast.Expr) bool {
	v := b.Info.Types[e].Value
	return v != nil && v.Kind() == constant.String && limitClause.MatchString(constant.StringVal(v))
}

var limitClause = regexp.MustCompile(`(?i)\blimit\s+[\d?$:@%(]`)

// originOfPage: a page is as long as somebody chose, and that of a client as long as a client chose.
func (b *Bounds) originOfPage(c *syntax.Call, n ast.Expr) Origin {
	if b.Size(n).Kind == Const || b.limitedSQL(n) {
		return bounded(n.Pos(), "a page")
	}
	return Origin{Source: Page, Pos: c.NamePos(), Text: "a page loaded by " + callName(c)}.named(c.Callee.Name())
}

// parsed recognises a value that is filled from a request by a method of its own:
// opts.FromQuery(r.URL.Query()).
func (b *Bounds) parsed(v *types.Var) Origin {
	for _, u := range b.Var(v).Uses {
		if u.ParentEdgeKind() != edge.SelectorExpr_X || u.Parent().ParentEdgeKind() != edge.CallExpr_Fun {
			continue
		}
		call := b.Call(u.Parent().Parent().Node().(*ast.CallExpr))
		if call == nil || call.Callee == nil {
			continue
		}
		for _, a := range call.Expr.Args {
			if t := b.Info.TypeOf(a); t != nil && (isRequest(t) || syntax.Is(t, "net/url", "Values")) {
				return Origin{State: Open, Source: Request, Pos: call.NamePos(), Text: "from the request, by " + callName(call)}
			}
		}
	}
	return Origin{}
}

// decodesRequest reports whether the input of a decoder is the body of a request.
func (b *Bounds) decodesRequest(c *syntax.Call) bool {
	in := c.Recv()
	if in == nil {
		in = c.Arg(0)
	}
	return b.readsRequest(in, 0)
}

func (b *Bounds) readsRequest(e ast.Expr, depth int) bool {
	if e == nil || depth > 5 {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		return e.Sel.Name == "Body" && b.Info.TypeOf(e.X) != nil && isRequest(b.Info.TypeOf(e.X))
	case *ast.CallExpr:
		for _, a := range e.Args {
			if b.readsRequest(a, depth+1) {
				return true
			}
		}
	case *ast.Ident:
		if v, ok := b.Info.ObjectOf(e).(*types.Var); ok && !v.IsField() {
			for _, d := range b.Var(v).Defs {
				if d.Kind == syntax.Assign && b.readsRequest(d.Expr, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// HandlesRequest reports whether a function is called once for each request of a client.
func (b *Bounds) HandlesRequest(f *syntax.Func) bool {
	for i := range f.Sig.Params().Len() {
		if _, ok := b.requestVar(f.Sig.Params().At(i)); ok {
			return true
		}
	}
	return false
}
