package abandoned

import "sync"

type shard struct {
	sync.RWMutex
	items map[string]int
}

// The channels are made by the goroutines that fill them.
func snapshot(shards []*shard) (lists []chan string) {
	lists = make([]chan string, len(shards))
	var wg sync.WaitGroup
	wg.Add(len(shards))
	for i, s := range shards {
		go func() { // silent: abandoned "it ends|never gets stuck"
			s.RLock()
			lists[i] = make(chan string, len(s.items))
			wg.Done()
			for name := range s.items {
				lists[i] <- name
			}
			s.RUnlock()
			close(lists[i])
		}()
	}
	wg.Wait()
	return lists
}

func gather(lists []chan string, all chan string) {
	var wg sync.WaitGroup
	wg.Add(len(lists))
	for _, list := range lists {
		go func() { // silent: abandoned "it ends|never gets stuck"
			for name := range list {
				all <- name
			}
			wg.Done()
		}()
	}
	wg.Wait()
	close(all)
}

func everyName(shards []*shard) <-chan string {
	lists := snapshot(shards)
	total := 0
	for _, list := range lists {
		total += cap(list)
	}
	all := make(chan string, total)
	go gather(lists, all) // silent: abandoned "it ends|never gets stuck"
	return all
}
