package vettool

import "testing"

func TestAsked(t *testing.T) {
	for args, want := range map[[2]string]bool{
		{"-V=full"}: true, {"-flags"}: true, {"-json", "/tmp/x/vet.cfg"}: true,
		{"-version"}: false, {"-f", "json"}: false, {"./...", "."}: false, {"-V"}: true,
	} {
		list := args[:]
		if list[1] == "" {
			list = list[:1]
		}
		if got := Asked(list); got != want {
			t.Errorf("%q: got %v", list, got)
		}
	}
	if Asked(nil) {
		t.Error("no arguments are a person's")
	}
}
