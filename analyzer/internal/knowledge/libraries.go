package knowledge

import "slices"

// Libraries lists what is known, the standard library first.
func Libraries() []Library { return slices.Concat(std, queues, stores, web, formats, settings) }
