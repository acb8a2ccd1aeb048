package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/poollint/poollint/internal/suggest"
)

// decode sets out, a pointer to a struct with json tags, from YAML.
// It is strict: every key must be known and every value of its type, and an error starts
// with line:column. (yaml's own strict mode knows the line only, and no json tags.)
func decode(data []byte, out any) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return syntaxError(err)
	}
	if doc.Kind == 0 { // empty, or comments only
		return nil
	}
	return set(doc.Content[0], reflect.ValueOf(out).Elem())
}

// syntaxError turns "yaml: line 3: did not find …" into "3: did not find …".
func syntaxError(err error) error {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		return fmt.Errorf("%s", rest)
	}
	return fmt.Errorf("1: %s", msg)
}

func errorAt(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%d:%d: %s", n.Line, n.Column, fmt.Sprintf(format, args...))
}

func set(n *yaml.Node, v reflect.Value) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Tag == "!!null" {
		return nil
	}
	if own, ok := v.Addr().Interface().(json.Unmarshaler); ok {
		return setOwn(n, own)
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return set(n, v.Elem())
	case reflect.Struct:
		return setStruct(n, v)
	case reflect.Map:
		return setMap(n, v)
	case reflect.Slice:
		return setSlice(n, v)
	case reflect.Interface:
		var x any
		if err := n.Decode(&x); err != nil {
			return errorAt(n, "%v", err)
		}
		v.Set(reflect.ValueOf(x))
		return nil
	}
	if n.Kind != yaml.ScalarNode {
		return mismatch(n, kindName(v.Kind()))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.Value)
	case reflect.Bool:
		if n.Tag != "!!bool" {
			return mismatch(n, "true or false")
		}
		v.SetBool(n.Value == "true" || n.Value == "True" || n.Value == "TRUE")
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(n.Value, 0, 64)
		if err != nil {
			return mismatch(n, "a whole number")
		}
		v.SetInt(i)
	default:
		return errorAt(n, "cannot be set here")
	}
	return nil
}

// setOwn sets a value that reads itself.
func setOwn(n *yaml.Node, v json.Unmarshaler) error {
	var x any
	if err := n.Decode(&x); err != nil {
		return errorAt(n, "%v", err)
	}
	data, err := json.Marshal(x)
	if err == nil {
		err = v.UnmarshalJSON(data)
	}
	if err != nil {
		return errorAt(n, "%v", err)
	}
	return nil
}

func setStruct(n *yaml.Node, v reflect.Value) error {
	if n.Kind != yaml.MappingNode {
		return mismatch(n, "keys and values")
	}
	fields := map[string]reflect.Value{}
	var names []string
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		fields[name] = v.Field(i)
		names = append(names, name)
	}
	return pairs(n, func(key, value *yaml.Node) error {
		field, ok := fields[key.Value]
		if !ok {
			return errorAt(key, "unknown key %q; %s", key.Value, suggest.Among(key.Value, names))
		}
		return set(value, field)
	})
}

func setMap(n *yaml.Node, v reflect.Value) error {
	if n.Kind != yaml.MappingNode {
		return mismatch(n, "keys and values")
	}
	v.Set(reflect.MakeMap(v.Type()))
	return pairs(n, func(key, value *yaml.Node) error {
		elem := reflect.New(v.Type().Elem()).Elem()
		if err := set(value, elem); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key.Value).Convert(v.Type().Key()), elem)
		return nil
	})
}

func setSlice(n *yaml.Node, v reflect.Value) error {
	if n.Kind != yaml.SequenceNode {
		return mismatch(n, "a list")
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, c := range n.Content {
		if err := set(c, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// pairs calls f for each key and value of a mapping, and refuses a repeated key.
func pairs(n *yaml.Node, f func(key, value *yaml.Node) error) error {
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if line, ok := seen[key.Value]; ok {
			return errorAt(key, "key %q is already set on line %d", key.Value, line)
		}
		seen[key.Value] = key.Line
		if err := f(key, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func mismatch(n *yaml.Node, want string) error {
	return errorAt(n, "want %s, got %s", want, describe(n))
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	}
	return strconv.Quote(n.Value)
}

func kindName(k reflect.Kind) string {
	switch k {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	}
	return "a single value"
}
