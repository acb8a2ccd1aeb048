package knowledge

// settings are what whoever runs a program says: flags, arguments, the environment, files of settings.
var settings = []Library{
	{Path: "github.com/spf13/cobra", Module: "github.com/spf13/cobra", Version: "v1.10.2", Types: []Type{
		{Name: "Command", Origin: Arguments, Text: "the program's arguments"},
	}, Ends: []string{"Command.Run", "Command.RunE"}},
	{Path: "github.com/spf13/pflag", Module: "github.com/spf13/pflag", Version: "v1.0.10", Funcs: append(says(Setting, "a flag", "Int", "String", "StringSlice", "StringArray", "IntSlice",
		"FlagSet.Int", "FlagSet.String", "FlagSet.StringSlice", "FlagSet.StringArray", "FlagSet.GetInt", "FlagSet.GetString", "FlagSet.GetStringSlice", "FlagSet.GetStringArray"),
		says(Arguments, "the program's arguments", "Args", "Arg", "FlagSet.Args", "FlagSet.Arg")...)},
	{Path: "github.com/urfave/cli/v2", Module: "github.com/urfave/cli/v2", Version: "v2.27.7", Funcs: append(says(Setting, "a flag", "Context.String", "Context.StringSlice", "Context.Int", "Context.IntSlice"),
		says(Arguments, "the program's arguments", "Context.Args", "Args.Slice")...), Ends: []string{"Command.Action", "App.Action"}},
	{Path: "github.com/urfave/cli/v3", Module: "github.com/urfave/cli/v3", Version: "v3.6.1", Funcs: append(says(Setting, "a flag", "Command.String", "Command.StringSlice", "Command.Int"),
		says(Arguments, "the program's arguments", "Command.Args", "Args.Slice")...), Ends: []string{"Command.Action"}},
	{Path: "github.com/spf13/viper", Module: "github.com/spf13/viper", Version: "v1.21.0", Funcs: append(says(Setting, "a setting", "GetInt", "GetString", "GetStringSlice", "GetStringMap", "GetStringMapString",
		"Viper.GetInt", "Viper.GetString", "Viper.GetStringSlice", "Viper.GetStringMap", "Viper.GetStringMapString", "Viper.AllKeys", "AllKeys"), []Func{
		{Name: "Unmarshal", Does: Fills, Arg: 1, From: -1, Origin: Setting, Text: "the settings"},
		{Name: "UnmarshalKey", Does: Fills, Arg: 2, From: -1, Origin: Setting, Text: "the settings"},
		{Name: "Viper.Unmarshal", Does: Fills, Arg: 1, From: -1, Origin: Setting, Text: "the settings"},
		{Name: "Viper.UnmarshalKey", Does: Fills, Arg: 2, From: -1, Origin: Setting, Text: "the settings"},
	}...)},
	{Path: "github.com/joho/godotenv", Module: "github.com/joho/godotenv", Version: "v1.5.1", Funcs: says(Setting, "the environment's file", "Read", "Parse", "Unmarshal", "UnmarshalBytes")},
	{Path: "github.com/kelseyhightower/envconfig", Module: "github.com/kelseyhightower/envconfig", Version: "v1.4.0", Funcs: []Func{
		{Name: "Process", Does: Fills, Arg: 2, From: -1, Origin: Setting, Text: "the environment"},
	}},
	{Path: "github.com/caarlos0/env/v11", Module: "github.com/caarlos0/env/v11", Version: "v11.3.1", Funcs: []Func{
		{Name: "Parse", Does: Fills, Arg: 1, From: -1, Origin: Setting, Text: "the environment"},
	}},
	{Path: "github.com/alecthomas/kingpin/v2", Module: "github.com/alecthomas/kingpin/v2", Version: "v2.4.0", Types: []Type{
		{Name: "FlagClause", Origin: Setting, Text: "a flag"},
		{Name: "ArgClause", Origin: Arguments, Text: "the program's arguments"},
	}},
}

func says(o Origin, text string, names ...string) []Func {
	var all []Func
	for _, n := range names {
		all = append(all, Func{Name: n, Does: Says, Origin: o, Text: text})
	}
	return all
}
