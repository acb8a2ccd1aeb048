package main

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// A curve is a measured series.
type curve struct {
	name string
	x, y []float64
}

// colours can be told apart by people who do not see all of them.
var colours = []color.Color{
	color.RGBA{R: 0, G: 114, B: 178, A: 255},
	color.RGBA{R: 213, G: 94, B: 0, A: 255},
	color.RGBA{R: 0, G: 158, B: 115, A: 255},
	color.RGBA{R: 204, G: 121, B: 167, A: 255},
}

// draw writes the picture beside this file. Its axes are logarithmic, unless the
// picture wants the upright one from zero.
func draw(p picture, curves []curve) error {
	plt := plot.New()
	plt.BackgroundColor = color.White
	plt.Title.Text = p.title
	plt.X.Label.Text = "workers"
	plt.Y.Label.Text = p.unit
	plt.X.Scale, plt.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	if !p.linear {
		plt.Y.Scale, plt.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	}
	plt.Legend.Left = p.name == "waiting"
	plt.Legend.Top = p.name != "computing"
	plt.Add(plotter.NewGrid())
	for i, c := range curves {
		xys := make(plotter.XYs, len(c.x))
		for k := range xys {
			xys[k].X, xys[k].Y = c.x[k], c.y[k]
		}
		line, points, err := plotter.NewLinePoints(xys)
		if err != nil {
			return err
		}
		line.Color, points.Color = colours[i%len(colours)], colours[i%len(colours)]
		line.Width = vg.Points(1.5)
		plt.Add(line, points)
		plt.Legend.Add(c.name, line, points)
	}
	if p.linear {
		plt.Y.Min = 0
	}
	return plt.Save(16*vg.Centimeter, 10*vg.Centimeter, p.name+".png")
}
