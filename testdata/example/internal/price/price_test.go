package price

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// The test passes. What it leaves behind, poollint -leaktest tells.
func TestHandleGivesUp(t *testing.T) {
	shop := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(1500 * time.Millisecond) }))
	defer shop.Close()
	Shop = shop.URL + "/"
	w := httptest.NewRecorder()
	Handle(w, httptest.NewRequest(http.MethodGet, "/price?picture=1", nil))
	if w.Code != http.StatusGatewayTimeout {
		t.Errorf("got %d", w.Code)
	}
}
