package knowledge

// formats decode, and collections are rearranged, by what is not in the standard library.
var formats = []Library{
	{Path: "gopkg.in/yaml.v3", Module: "gopkg.in/yaml.v3", Version: "v3.0.1", Funcs: decoders()},
	{Path: "gopkg.in/yaml.v2", Module: "gopkg.in/yaml.v2", Version: "v2.4.0", Funcs: decoders()},
	{Path: "go.yaml.in/yaml/v3", Module: "go.yaml.in/yaml/v3", Version: "v3.0.4", Funcs: decoders()},
	{Path: "github.com/goccy/go-yaml", Module: "github.com/goccy/go-yaml", Version: "v1.19.1", Funcs: decoders()},
	{Path: "github.com/goccy/go-json", Module: "github.com/goccy/go-json", Version: "v0.10.5", Funcs: decoders()},
	{Path: "sigs.k8s.io/yaml", Module: "sigs.k8s.io/yaml", Version: "v1.6.0", Funcs: []Func{{Name: "Unmarshal", Does: Fills, Arg: 2, From: 1}}},
	{Path: "github.com/BurntSushi/toml", Module: "github.com/BurntSushi/toml", Version: "v1.6.0", Funcs: []Func{
		{Name: "Unmarshal", Does: Fills, Arg: 2, From: 1},
		{Name: "Decode", Does: Fills, Arg: 2, From: 1},
		{Name: "DecodeFile", Does: Fills, Arg: 2, From: -1, Origin: File, Text: "the contents of a file"},
	}},
	{Path: "github.com/vmihailenco/msgpack/v5", Module: "github.com/vmihailenco/msgpack/v5", Version: "v5.4.1", Funcs: decoders()},
	{Path: "google.golang.org/protobuf/proto", Module: "google.golang.org/protobuf", Version: "v1.36.11", Funcs: []Func{{Name: "Unmarshal", Does: Fills, Arg: 2, From: 1}}},
	{Path: "google.golang.org/protobuf/encoding/protojson", Module: "google.golang.org/protobuf", Version: "v1.36.11", Funcs: []Func{{Name: "Unmarshal", Does: Fills, Arg: 2, From: 1}}},
	{Path: "github.com/json-iterator/go", Module: "github.com/json-iterator/go", Version: "v1.1.12", Funcs: []Func{
		{Name: "Unmarshal", Does: Fills, Arg: 2, From: 1},
		{Name: "API.Unmarshal", Does: Fills, Arg: 2, From: 1},
		{Name: "NewDecoder", Does: Same, Arg: 1},
		{Name: "Decoder.Decode", Does: Fills, Arg: 1},
	}},
	{Path: "github.com/tidwall/gjson", Module: "github.com/tidwall/gjson", Version: "v1.18.0", Funcs: []Func{
		{Name: "Get", Does: Same, Arg: 1},
		{Name: "GetBytes", Does: Same, Arg: 1},
		{Name: "Parse", Does: Same, Arg: 1},
		{Name: "ParseBytes", Does: Same, Arg: 1},
		{Name: "Result.Array", Does: Same},
		{Name: "Result.Map", Does: Same},
		{Name: "Result.ForEach", Does: Calls, Arg: 1, Text: "the elements of a document"},
	}},
	{Path: "github.com/xuri/excelize/v2", Module: "github.com/xuri/excelize/v2", Version: "v2.10.0", Funcs: []Func{
		{Name: "File.GetRows", Does: Many, Origin: File, Text: "the rows of a sheet"},
		{Name: "Rows.Next", Does: One, Origin: Records, Text: "the rows of a sheet"},
	}},
	{Path: "github.com/klauspost/compress/zstd", Module: "github.com/klauspost/compress", Version: "v1.18.2", Funcs: []Func{{Name: "NewReader", Does: Same, Arg: 1}}},
	{Path: "github.com/klauspost/compress/gzip", Module: "github.com/klauspost/compress", Version: "v1.18.2", Funcs: []Func{{Name: "NewReader", Does: Same, Arg: 1}}},
	{Path: "github.com/samber/lo", Module: "github.com/samber/lo", Version: "v1.53.0", Funcs: append(sames("Uniq", "UniqBy", "Filter", "Map", "FilterMap", "Keys", "Values", "Compact", "Flatten", "FlatMap", "Shuffle", "Reverse",
		"Without", "KeyBy", "SliceToMap", "Reject", "UniqKeys", "MapToSlice", "PickBy", "Entries"),
		Func{Name: "Chunk", Does: Piece, Arg: 1, Few: 2}, Func{Name: "Subset", Does: Same, Arg: 1, Few: 3})},
}

// decoders are what packages have that decode one format.
func decoders() []Func {
	return []Func{
		{Name: "Unmarshal", Does: Fills, Arg: 2, From: 1},
		{Name: "NewDecoder", Does: Same, Arg: 1},
		{Name: "Decoder.Decode", Does: Fills, Arg: 1},
	}
}

func sames(names ...string) []Func {
	var all []Func
	for _, n := range names {
		all = append(all, Func{Name: n, Does: Same, Arg: 1})
	}
	return all
}
