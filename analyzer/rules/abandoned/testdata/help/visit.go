package help

// A Device has services, and devices with services.
type Device struct {
	Services []int
	Devices  []*Device
}

// VisitDevices calls visit for the device and all below it.
func (d *Device) VisitDevices(visit func(*Device)) {
	visit(d)
	for _, below := range d.Devices {
		below.VisitDevices(visit)
	}
}

// VisitServices calls visit for all services of the device and of all below it.
func (d *Device) VisitServices(visit func(*int)) {
	d.VisitDevices(func(d *Device) {
		for i := range d.Services {
			visit(&d.Services[i])
		}
	})
}
