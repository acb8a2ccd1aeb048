package driver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// A fact as it is stored. Facts travel encoded, also within a run, so that nothing is seen of them
// that would be lost on the way through a file.
type storedFact struct {
	Object objectpath.Path // "": of the package
	Fact   analysis.Fact
}

// Facts are those of one package about itself.
type facts struct {
	data []byte
	sum  sum

	decode sync.Once
	list   []storedFact
}

func newFacts(data []byte) *facts { return &facts{data: data, sum: sha256.Sum256(data)} }

func (f *facts) all() []storedFact {
	f.decode.Do(func() {
		if len(f.data) > 0 {
			// What this program wrote, it can read; of what it cannot, nothing is known.
			_ = gob.NewDecoder(bytes.NewReader(f.data)).Decode(&f.list)
		}
	})
	return f.list
}

// encode writes facts in an order of their own. Those of objects that nobody can name are left out.
func encode(objects map[objectFact]analysis.Fact, whole map[reflect.Type]analysis.Fact) ([]byte, error) {
	var list []storedFact
	paths := new(objectpath.Encoder)
	for of, fact := range objects {
		if path, err := paths.For(of.object); err == nil {
			list = append(list, storedFact{path, fact})
		}
	}
	for _, fact := range whole {
		list = append(list, storedFact{"", fact})
	}
	if len(list) == 0 {
		return nil, nil
	}
	slices.SortFunc(list, func(a, b storedFact) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(fmt.Sprintf("%T", a.Fact), fmt.Sprintf("%T", b.Fact)))
	})
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(list)
	return b.Bytes(), err
}

type objectFact struct {
	object types.Object
	kind   reflect.Type
}

// KnownFacts are the facts of a package, on the objects that it has in some universe.
type knownFacts struct {
	sum     sum
	objects map[objectFact]analysis.Fact
	whole   map[reflect.Type]analysis.Fact
}

func (f *facts) in(pkg *types.Package) *knownFacts {
	k := &knownFacts{f.sum, map[objectFact]analysis.Fact{}, map[reflect.Type]analysis.Fact{}}
	for _, s := range f.all() {
		kind := reflect.TypeOf(s.Fact)
		if s.Object == "" {
			k.whole[kind] = s.Fact
		} else if object, err := objectpath.Object(pkg, s.Object); err == nil {
			k.objects[objectFact{object, kind}] = s.Fact
		}
	}
	return k
}

// travels reports whether the fact of an object comes also to packages that import its package only
// indirectly: as in x/tools, those of types, fields and methods do.
func travels(object types.Object) bool {
	_, isType := object.(*types.TypeName)
	return isType || object.Parent() != object.Pkg().Scope()
}

// assign copies a fact to where it was asked for.
func assign(to, fact analysis.Fact) bool {
	if fact == nil {
		return false
	}
	reflect.ValueOf(to).Elem().Set(reflect.ValueOf(fact).Elem())
	return true
}

// registerFacts makes the facts of an analyzer, and of those that it requires, known to gob.
func registerFacts(a *analysis.Analyzer) {
	for _, f := range a.FactTypes {
		gob.Register(f)
	}
	for _, req := range a.Requires {
		registerFacts(req)
	}
}
