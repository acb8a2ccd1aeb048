package knowledge

import (
	"slices"
	"strings"
	"unicode"
)

// A Domain is what a word says that the things named by it are.
type Domain uint8

const (
	NoDomain Domain = iota
	Data            // grows with use: files, records, urls, messages
	Sure            // data, whatever else is said: nobody configures these by hand, one by one
	Pieces          // cut by the program: batches, chunks
	Few             // has names in the source: kinds, stages, formats
	Fleet           // grows with the installation: peers, disks, listeners
	Settings        // somebody wrote it down: configurations, options, flags
)

// The words were collected from 543 labelled loops of public code (prometheus, thanos, moby, dgraph,
// ipfs-cluster, orchestrator, temporal, weaviate and others). Of the loops over what only these words
// call a fleet, 77 of 80 were fine; of those over data, 28 of 45 were not. They are evidence beside an
// origin, never alone. A word in both lists decides nothing.
var (
	fleetWords = words(`
		peer node host server member replica store storage endpoint shard partition owner group listener upstream
		cluster zone region datacenter dc broker instance ingester location namespace plugin module provider
		consumer producer subscriber publisher observer handler hook callback vote voter address addr agent backend
		proxy worker thread cpu core disk drive device volume interface iface nic port connection conn socket
		client session channel link target collector exporter scraper monitor watcher informer controller manager
		service daemon component subsystem driver engine leader follower secondary primary slave master
		validator tracker announcer seed bootstrap relay gateway router register registry delegate
		queryable querier resolver network chain contract wallet committee runner executor machine bot dependency
		pod tenant`)
	// unitWords are those of a fleet that is large where the installation is: what a program operates for others, not
	// the few that it agrees with.
	unitWords = words(`machine pod node tenant host`)
	// pieceWords name what a program cuts, so that there are fewer.
	pieceWords = words(`batch chunk piece part bucket slot stripe range split`)
	// fewWords name what a program's source lists, or a type: there are as many as have a name.
	fewWords = words(`
		config configuration setting option flag feature metric gauge counter check checker probe test stage step
		phase level tier role quorum codec format version kind type category language locale currency os arch platform
		tick timer signal cron schedule scheduler interval sink source input output pipe pipeline stream
		lane color direction axis digit column epoch filter processor transform converter strategy algorithm policy rule
		spec variant mode method op operation`)
	dataWords = words(`
		url uri link href domain file path dir directory folder entry object key blob row record item
		document doc image photo picture video media asset attachment message msg mail email event notification
		user account customer contact subscription order invoice payment transaction tx txn
		post comment article issue ticket task job todo template repo repository commit project
		vm execution lock id ids uuid cid hash digest oid sha name word token
		request req query result response row tuple product sku book song track playlist feed
		deployment upload download package crate artifact manifest tag line record
		symbol ticker coin block receipt proof certificate cert secret credential device dataset table schema
		backup snapshot revision descriptor`)
	sureWords = words(`url uri link href file record document doc image photo video message msg email event
		user customer order transaction comment article row domain template blob page post`)
	settingWords = words(`config configuration cfg conf setting option opt flag setup preference`)
	// labelWords say nothing of what is named by them: the ids of peers are peers.
	labelWords = words(`id uuid name key url uri addr address ref info list map set slice config configuration status
		state value data obj object item entry ptr type spec result all array index path str string struct collection dict
		table pair tuple option opt detail meta metadata description desc summary content body handle link arn`)
	// joinWords stand behind the word that says what a name is of: filesToSend are files.
	joinWords = words(`by to for from in with without on per`)
	// listWords begin the names of functions that return many of what they find elsewhere, getWords those
	// that do so when what they name is in the plural: ListObjects, FindDataFiles, getJobs.
	listWords = words(`list find query search scan select listing`)
	getWords  = words(`get read load fetch all retrieve lookup gather collect`)
	// countWords call a parameter that says how many to return.
	countWords = words(`limit max count size batch top num n page`)
	// loadWords are methods of data layers that fill a slice they are given a pointer to.
	loadWords = words(`all find findall select selectcontext scan scanall load loadall query getall`)
	// requestWords end the names of messages that a client sends.
	requestWords = words(`request req`)
	// nextWords are methods that step to the next of many and say whether there was one.
	nextWords = words(`next hasnext more hasmorepages scan advance`)
	// eachWords are in the names of functions that call what they are given for each of many.
	eachWords = words(`each foreach walk iterate iter visit range list scan traverse`)
	// popWords begin the names of methods that take something out of a store of work.
	popWords = words(`pop dequeue shift poll recv receive accept pull fetch lease`)
	// subscribeWords begin the names of functions that call what they are given for each message that comes.
	subscribeWords = words(`subscribe consume`)
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// DomainOf is what a name says that the things named by it are: the last word counts, since that is
// what is meant (driverContainers are containers), and a label such as id stands for what it labels.
func DomainOf(name string) Domain {
	w := head(Words(name))
	switch {
	case dataWords[w] && (fleetWords[w] || fewWords[w]):
	case fleetWords[w]:
		return Fleet
	case fewWords[w]:
		return Few
	case pieceWords[w]:
		return Pieces
	case sureWords[w]:
		return Sure
	case dataWords[w] && !searched(name, w):
		return Data
	}
	return NoDomain
}

// SaysUnit reports whether a name is that of units of a fleet of which there can be very many.
func SaysUnit(name string) bool { return unitWords[head(Words(name))] }

// SaysSetting reports whether a name has a word for settings.
func SaysSetting(name string) bool {
	for _, w := range Words(name) {
		if settingWords[w] {
			return true
		}
	}
	return false
}

// head is the word of a name that says what it is: what stands before by or to, if it has that.
func head(ws []string) string {
	if i := slices.IndexFunc(ws, func(w string) bool { return joinWords[w] }); i > 0 {
		ws = ws[:i]
	}
	for i := len(ws) - 1; i >= 0; i-- {
		if !labelWords[ws[i]] {
			return ws[i]
		}
	}
	if len(ws) == 0 {
		return ""
	}
	return ws[len(ws)-1]
}

// searched reports whether a word of a name is what is searched, not what is found there: SearchDir
// finds anything but directories.
func searched(name, word string) bool {
	ws := raw(name)
	if len(ws) == 0 || !listWords[ws[0]] || ws[0] == "list" || ws[0] == "select" || ws[0] == "listing" {
		return false
	}
	for _, w := range ws {
		if w != word && singular(w) == word {
			return false
		}
	}
	return true
}

// Labels reports whether a name says nothing of what is named by it.
func Labels(name string) bool {
	return !slices.ContainsFunc(Words(name), func(w string) bool { return !labelWords[w] })
}

// Each reports whether a function is called as one that calls what it is given for each of many.
func Each(name string) bool {
	return slices.ContainsFunc(raw(name), func(w string) bool { return eachWords[w] })
}

// Lists reports whether a function's name says that it returns many of what it finds elsewhere.
func Lists(name string) bool {
	ws := raw(name)
	if len(ws) == 0 {
		return false
	}
	last := ws[len(ws)-1]
	switch {
	case listWords[ws[0]], last == "list" && len(ws) > 1, last == "all" && len(ws) > 1:
		return true
	case getWords[ws[0]]:
		if i := slices.IndexFunc(ws, func(w string) bool { return joinWords[w] }); i > 1 {
			last = ws[i-1] // getAccountsToUpdate
		}
		return strings.HasSuffix(last, "s") && !strings.HasSuffix(last, "ss") || ws[0] == "all"
	}
	return false
}

// SaysCount reports whether a name speaks of how many to return.
func SaysCount(name string) bool {
	for _, w := range Words(name) {
		if countWords[w] {
			return true
		}
	}
	return false
}

// SaysPage reports whether a name is that of a page of a listing.
func SaysPage(name string) bool {
	ws := Words(name)
	return len(ws) > 0 && ws[len(ws)-1] == "page"
}

// SaysPager reports whether a type is called as one that leads from page to page.
func SaysPager(name string) bool {
	ws := Words(name)
	return len(ws) > 0 && (ws[len(ws)-1] == "pager" || ws[len(ws)-1] == "paginator")
}

// SaysID reports whether a name is that of an id.
func SaysID(name string) bool {
	ws := Words(name)
	return len(ws) > 0 && ws[len(ws)-1] == "id"
}

// StepsOn reports whether a method is called as one that steps to the next of many.
func StepsOn(name string) bool { return nextWords[strings.ToLower(name)] }

// TakesNext reports whether a method is called as one that takes the next piece of work from a store of it.
func TakesNext(name string) bool {
	ws := raw(name)
	return len(ws) > 0 && (nextWords[ws[0]] || takeWords[ws[0]] || popWords[ws[0]])
}

// Draws reports whether a method is called as one that gives the next of what comes, and not as one that is asked
// for something: takeWords.
func Draws(name string) bool {
	ws := raw(name)
	return len(ws) > 0 && (nextWords[ws[0]] || popWords[ws[0]] || ws[0] == "read")
}

// Accepts reports whether a method is called as one that waits for the next connection.
func Accepts(name string) bool { return raw(name)[0] == "accept" }

// Subscribes reports whether a function is called as one that calls another for each message that comes.
func Subscribes(name string) bool {
	ws := raw(name)
	return len(ws) > 0 && subscribeWords[ws[0]]
}

// Loads reports whether a method is called as one that fills a slice with what it finds.
func Loads(name string) bool { return loadWords[strings.ToLower(name)] }

// Validates reports whether a method is called as one that generators write to check a message.
func Validates(name string) bool { return strings.HasPrefix(name, "Validate") }

// SaysRequest reports whether a type is called as a message that a client sends.
func SaysRequest(name string) bool {
	ws := Words(name)
	return len(ws) > 0 && requestWords[ws[len(ws)-1]]
}

// Words cuts an identifier into its words, lower case, singular.
func Words(name string) []string {
	var ws []string
	start := 0
	rs := []rune(name)
	cut := func(end int) {
		if end > start {
			ws = append(ws, singular(strings.ToLower(string(rs[start:end]))))
		}
		start = end
	}
	for i, r := range rs {
		switch {
		case !unicode.IsLetter(r):
			cut(i)
			start = i + 1
		case unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(rs[i-1]) || i+1 < len(rs) && unicode.IsLower(rs[i+1])):
			// URLs and IDs are one word.
			if !(i+1 < len(rs) && rs[i+1] == 's' && (i+2 == len(rs) || unicode.IsUpper(rs[i+2]))) {
				cut(i)
			}
		}
	}
	cut(len(rs))
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

// raw is Words as they are written.
func raw(name string) []string {
	var ws []string
	var w []rune
	flush := func() {
		if len(w) > 0 {
			ws = append(ws, strings.ToLower(string(w)))
			w = w[:0]
		}
	}
	for _, r := range name {
		if unicode.IsUpper(r) || !unicode.IsLetter(r) {
			flush()
		}
		if unicode.IsLetter(r) {
			w = append(w, r)
		}
	}
	flush()
	return ws
}

// The words for tokens and for the end were collected from the same loops: they speak of a method that
// nobody sees, or of a channel without content, never alone.
var (
	gateWords  = words(`acquire reserve throttle limit`)
	takeWords  = words(`take get claim wait use`)
	tokenWords = words(`token slot permit`)
	aloneWords = words(`take allow wait`)
	lendWords  = words(`acquire release enter leave permit token slot unlock`)
	stopWords  = []string{"stop", "quit", "exit", "clos", "shutdown", "cancel", "abort", "kill", "term"}
	quietPaths = words(`log log/slog fmt context sync/atomic time sync`)
)

// TakesToken reports whether a method is called as one that waits for a token.
func TakesToken(name string) bool {
	ws := Words(name)
	takes, holds := false, false
	for _, w := range ws {
		if gateWords[w] {
			return true
		}
		takes, holds = takes || takeWords[w], holds || tokenWords[w]
	}
	return takes && holds || len(ws) == 1 && aloneWords[ws[0]]
}

// Lends reports whether a function is called as one that takes or gives back.
func Lends(name string) bool {
	for _, w := range Words(name) {
		if lendWords[w] {
			return true
		}
	}
	return false
}

// SaysStop reports whether a name is that of a channel that says that something ends.
func SaysStop(name string) bool {
	for _, w := range Words(name) {
		for _, end := range stopWords {
			if strings.HasPrefix(w, end) || strings.HasSuffix(w, end) {
				return true
			}
		}
	}
	return strings.EqualFold(name, "ctxdone")
}

// Quiet reports whether the functions of a package only keep books: they log, count, pass values on.
func Quiet(path string) bool { return quietPaths[path] }
