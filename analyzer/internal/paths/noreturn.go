package paths

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// Ends reports whether a call never returns: it panics, exits the process or ends the goroutine.
func Ends(info *types.Info, call *ast.CallExpr) bool {
	switch f := typeutil.Callee(info, call).(type) {
	case *types.Builtin:
		return f.Name() == "panic"
	case *types.Func:
		if f.Pkg() == nil {
			return false
		}
		names, ok := enders[unversioned(f.Pkg().Path())]
		if !ok {
			return false
		}
		if names == nil {
			return zerolog(info, call)
		}
		for _, prefix := range names {
			if rest, ok := strings.CutPrefix(f.Name(), prefix); ok && suffix[rest] {
				return true
			}
		}
	}
	return false
}

// enders lists, by import path, how the names of functions and methods begin that never return.
var enders = map[string][]string{
	"os":                                   {"Exit"},
	"syscall":                              {"Exit"},
	"runtime":                              {"Goexit"},
	"log":                                  {"Fatal", "Panic"},
	"testing":                              {"Fatal", "FailNow", "Skip", "SkipNow"},
	"github.com/sirupsen/logrus":           {"Fatal", "Panic", "Exit"},
	"go.uber.org/zap":                      {"Fatal", "Panic"},
	"k8s.io/klog":                          {"Fatal", "Exit"},
	"github.com/golang/glog":               {"Fatal", "Exit"},
	"github.com/charmbracelet/log":         {"Fatal"},
	"github.com/projectdiscovery/gologger": nil, // chains, as zerolog
	"github.com/rs/zerolog":                nil,
}

// suffix lists what may follow such a beginning.
var suffix = map[string]bool{"": true, "f": true, "ln": true, "w": true, "Depth": true, "Depthf": true, "S": true}

func unversioned(path string) string {
	for _, v := range []string{"/v2", "/v3", "/v4"} {
		path = strings.TrimSuffix(path, v)
	}
	return path
}

// zerolog reports whether the event that a call sends was made by Fatal or Panic:
// log.Fatal().Err(err).Msg("…").
func zerolog(info *types.Info, call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !sends[sel.Sel.Name] {
		return false
	}
	for {
		inner, ok := ast.Unparen(sel.X).(*ast.CallExpr)
		if !ok {
			return false
		}
		sel, ok = ast.Unparen(inner.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		if sel.Sel.Name == "Fatal" || sel.Sel.Name == "Panic" {
			return true
		}
	}
}

var sends = map[string]bool{"Msg": true, "Msgf": true, "Send": true, "MsgFunc": true}
