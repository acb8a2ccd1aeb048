package selfwait

import (
	"context"
	"reflect"
	"slices"

	"poollint.test/analyzer/rules/selfwait/testdata/kitchen"
)

func oneForAll(dishes []func() error) error {
	g := kitchen.Shared.NewGroup()
	for _, dish := range dishes {
		g.SubmitErr(func() error {
			return kitchen.Cook(dish) // want `selfwait: a task of g submits to g and waits`
		})
	}
	return g.Wait()
}

func twoForAll(dishes []func() error) error {
	g := kitchen.Bakery.NewGroup()
	for _, dish := range dishes {
		g.SubmitErr(func() error { return kitchen.Cook(dish) })
	}
	return g.Wait()
}

type restaurant struct {
	stove, oven *kitchen.Stove
	grill       *kitchen.Grill
	cooks       *kitchen.Cooks
}

func (r *restaurant) roast(dish func() error) {
	r.stove.Start(func() {
		_ = r.stove.Finish(dish) // want `selfwait: a task of r.stove submits to r.stove and waits`
	})
	r.oven.Start(func() { _ = r.stove.Finish(dish) })
	r.stove.Start(func() { r.stove.Start(func() {}) }) // it does not wait: the queue takes any number
}

func (r *restaurant) fry(names []string) error {
	return r.grill.Put(func() {
		r.each(names) // want `selfwait: a task of r.grill submits to r.grill and waits`
	})
}

func (r *restaurant) each(names []string) {
	_ = r.grill.All(names, func(string) {})
}

func (r *restaurant) serve(wine func()) {
	r.cooks.Order(func() {
		r.cooks.Order(wine) // want `selfwait: a task of r.cooks submits to r.cooks and waits`
	})
	r.cooks.Order(func() { r.cooks.Try(context.Background(), wine) })
}

// One task has a worker left.
func onlyOne(dish func() error) {
	s := kitchen.NewStove(2)
	s.Start(func() { _ = s.Finish(dish) }) // silent: selfwait "never as many such tasks as workers"
}

// Anybody may call it, several at a time with one stove.
func OnAnyStove(s *kitchen.Stove, dish func() error) {
	s.Start(func() {
		_ = s.Finish(dish) // want `selfwait: a task of s submits to s and waits`
	})
}

func onAStove(s *kitchen.Stove, dish func() error) {
	s.Start(func() { _ = s.Finish(dish) }) // silent: selfwait "never as many such tasks as workers"
}

func onTheirStove(dish func() error) { onAStove(kitchen.NewStove(2), dish) }

// A scullery has sinks of two sorts, which are another package's.
type scullery struct {
	pots, plates *kitchen.Sinks
	ring         *kitchen.Ring
	clean        int
}

func (s *scullery) rinse(pot string) error {
	s.pots.Occupy()
	defer s.pots.Vacate()
	s.clean += len(pot)
	return s.dry(pot) // want "rinse acquires a token of pots while it holds one"
}

func (s *scullery) dry(pot string) error {
	return s.pots.At(func() error {
		s.clean++
		return nil
	})
}

func (s *scullery) rinseFirst(pot string) error {
	s.pots.Occupy()
	s.clean += len(pot)
	s.pots.Vacate()
	return s.dry(pot)
}

func (s *scullery) rinsePlate(plate string) error {
	s.plates.Occupy()
	defer s.plates.Vacate()
	return s.dry(plate)
}

func (s *scullery) scrub(pot string) error {
	return s.pots.At(func() error {
		s.clean++
		return s.soak(pot) // want "scrub acquires a token of pots while it holds one"
	})
}

func (s *scullery) soak(pot string) error {
	s.pots.Occupy()
	defer s.pots.Vacate()
	s.clean += len(pot)
	return nil
}

func (s *scullery) scrubPlate(plate string) error {
	if err := s.plates.At(func() error { return s.soak(plate) }); err != nil {
		return err
	}
	if err := s.pots.At(func() error { return nil }); err != nil {
		return err
	}
	return s.soak(plate)
}

// Who rings takes nothing that he would give back.
func (s *scullery) ready() {
	s.ring.Ring()
	s.readyAgain()
}

func (s *scullery) readyAgain() { s.ring.Ring() }

func (s *scullery) await() {
	for range 2 {
		s.ring.Hear()
	}
}

// A butcher draws a knife of a block that is full when it is made: to put one back never waits.
type butcher struct {
	knives *kitchen.Knives
	cuts   int
	sharp  bool
}

func (b *butcher) draw() {
	if b.sharp {
		b.knives.Draw()
	}
}

func (b *butcher) sheathe() {
	if b.sharp {
		defer b.knives.Sheathe()
	}
	b.cuts++
}

func (b *butcher) carve(joint string) {
	b.draw()
	b.cuts += len(joint)
	b.sheathe()
}

func (b *butcher) carveAll(joints []string) {
	for _, j := range joints {
		b.knives.Draw()
		go func() {
			defer b.knives.Sheathe()
			b.bone(j)
		}()
	}
}

func (b *butcher) bone(joint string) { b.cuts += len(joint) }

func (b *butcher) fillet(fish string) {
	b.knives.Draw()
	defer b.knives.Sheathe()
	b.scale(fish) // want "fillet acquires a token of knives while it holds one"
}

func (b *butcher) scale(fish string) {
	b.knives.Draw()
	b.cuts += len(fish)
	b.knives.Sheathe()
}

// A channel that is given away as any value may be sent to by reflection.

type wire struct{ ends []reflect.Value }

func (w *wire) join(end any) { w.ends = append(w.ends, reflect.ValueOf(end)) }

func (w *wire) say(v any) {
	for _, e := range w.ends {
		e.Send(reflect.ValueOf(v))
	}
}

func (w *wire) part(end chan int) {
	w.ends = slices.DeleteFunc(w.ends, func(v reflect.Value) bool { return v.Interface() == any(end) })
}

func hear() int {
	var w wire
	end := make(chan int)
	w.join(end)
	go w.say(1)
	return <-end
}

func hearNobody() int {
	var w wire
	end := make(chan int)
	w.part(end)
	go w.say(1)
	return <-end // want `selfwait: hearNobody waits on end, and no other goroutine sends on it or closes it: it waits forever`
}
