package knowledge

import "reflect"

// requestTags are the keys of tags by which a field is filled from a request: of gin, echo, gorilla/schema.
// JSON is read from elsewhere, too.
var requestTags = []string{"form", "query", "schema"}

// SaysRequestTag reports whether the tag of a field says that it is filled from a request.
func SaysRequestTag(tag reflect.StructTag) bool {
	for _, key := range requestTags {
		if name, ok := tag.Lookup(key); ok && name != "-" {
			return true
		}
	}
	return false
}

// web are frameworks that hand requests to a program, and what reads pages.
var web = []Library{
	{Path: "github.com/gin-gonic/gin", Module: "github.com/gin-gonic/gin", Version: "v1.11.0", Types: []Type{
		{Name: "Context", Origin: Request, Text: "from the request"},
	}, Funcs: binds("Context.", "Bind", "BindJSON", "BindQuery", "ShouldBind", "ShouldBindJSON", "ShouldBindQuery", "ShouldBindUri", "ShouldBindXML", "ShouldBindYAML", "ShouldBindWith", "ShouldBindBodyWith")},
	{Path: "github.com/labstack/echo/v4", Module: "github.com/labstack/echo/v4", Version: "v4.14.0", Types: []Type{
		{Name: "Context", Origin: Request, Text: "from the request"},
	}, Funcs: binds("Context.", "Bind")},
	{Path: "github.com/gofiber/fiber/v2", Module: "github.com/gofiber/fiber/v2", Version: "v2.52.10", Types: []Type{
		{Name: "Ctx", Origin: Request, Text: "from the request"},
	}, Funcs: binds("Ctx.", "BodyParser", "QueryParser", "ParamsParser")},
	{Path: "github.com/gofiber/fiber/v3", Module: "github.com/gofiber/fiber/v3", Version: "v3.0.0-rc.3", Types: []Type{
		{Name: "Ctx", Origin: Request, Text: "from the request"},
	}, Funcs: binds("Bind.", "Body", "Query", "JSON", "Form")},
	{Path: "github.com/valyala/fasthttp", Module: "github.com/valyala/fasthttp", Version: "v1.68.0", Types: []Type{
		{Name: "RequestCtx", Origin: Request, Text: "from the request"},
	}},
	{Path: "github.com/emicklei/go-restful/v3", Module: "github.com/emicklei/go-restful/v3", Version: "v3.13.0", Types: []Type{
		{Name: "Request", Origin: Request, Text: "from the request"},
	}, Funcs: binds("Request.", "ReadEntity")},
	{Path: "github.com/kataras/iris/v12/context", Module: "github.com/kataras/iris/v12", Version: "v12.2.11", Types: []Type{
		{Name: "Context", Origin: Request, Text: "from the request"},
	}, Funcs: binds("Context.", "ReadJSON", "ReadForm", "ReadQuery", "ReadBody")},
	{Path: "github.com/go-chi/render", Module: "github.com/go-chi/render", Version: "v1.0.3", Funcs: []Func{
		{Name: "DecodeJSON", Does: Fills, Arg: 2, From: 1},
		{Name: "Bind", Does: Fills, Arg: 2, From: 1, Origin: Request, Text: "from the request"},
	}},
	{Path: "github.com/gorilla/mux", Module: "github.com/gorilla/mux", Version: "v1.8.1", Funcs: []Func{
		{Name: "Vars", Does: Small, Text: "the variables of a route"},
	}},
	{Path: "github.com/gorilla/schema", Module: "github.com/gorilla/schema", Version: "v1.4.1", Funcs: []Func{
		{Name: "Decoder.Decode", Does: Fills, Arg: 1, From: 2},
	}},
	{Path: "github.com/go-resty/resty/v2", Module: "github.com/go-resty/resty/v2", Version: "v2.17.1", Types: []Type{
		{Name: "Response", Origin: Response, Text: "from a server's response"},
	}, Funcs: []Func{
		{Name: "Request.SetResult", Does: Fills, Arg: 1, From: -1, Origin: Response, Text: "from a server's response"},
	}},
	{Path: "github.com/PuerkitoBio/goquery", Module: "github.com/PuerkitoBio/goquery", Version: "v1.11.0", Funcs: []Func{
		{Name: "Selection.Each", Does: Calls, Arg: 1, Origin: Response, Text: "the elements of a page"},
		{Name: "Selection.EachWithBreak", Does: Calls, Arg: 1, Origin: Response, Text: "the elements of a page"},
		{Name: "Selection.Map", Does: Many, Origin: Response, Text: "the elements of a page"},
	}},
	{Path: "github.com/gocolly/colly/v2", Module: "github.com/gocolly/colly/v2", Version: "v2.3.0", Funcs: []Func{
		{Name: "Collector.OnHTML", Does: Calls, Arg: 2, Origin: Response, Text: "the elements of pages"},
		{Name: "Collector.OnXML", Does: Calls, Arg: 2, Origin: Response, Text: "the elements of pages"},
	}},
	{Path: "golang.org/x/net/html", Module: "golang.org/x/net", Version: "v0.61.0", Funcs: []Func{
		{Name: "NewTokenizer", Does: Same, Arg: 1},
		{Name: "Tokenizer.Next", Does: One, Origin: Records, Text: "the tokens of a page"},
	}},
}

// binds are methods that read a request into their first argument.
func binds(prefix string, names ...string) []Func {
	var all []Func
	for _, n := range names {
		all = append(all, Func{Name: prefix + n, Does: Fills, Arg: 1, From: -1, Origin: Request, Text: "from the request"})
	}
	return all
}
