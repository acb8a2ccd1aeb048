package modules

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/go-sql-driver/mysql"
	"github.com/gorilla/websocket"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"
	"github.com/redis/go-redis/v9"
	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/scrypt"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
	_ "modernc.org/sqlite"

	. "github.com/poollint/poollint/analyzer/internal/footprint/measure"
)

// samples are the operations of modules, as in the package above.
var samples = []Sample{
	{Name: "google.golang.org/grpc.ClientConn.Invoke", N: 300, Serve: grpcServer, Task: func(s Side) Task {
		c := dialled(s)
		return func(int) any {
			return Waited(c.Invoke(context.Background(), "/a.B/C", new(emptypb.Empty), new(emptypb.Empty)))
		}
	}},
	{Name: "google.golang.org/grpc.ClientStream.RecvMsg", N: 300, Serve: grpcServer, Task: func(s Side) Task {
		c := dialled(s)
		return func(int) any {
			stream := Must(c.NewStream(context.Background(), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, "/a.B/C"))
			return Waited(stream.RecvMsg(new(emptypb.Empty)))
		}
	}},
	{Name: "google.golang.org/grpc.NewClient that is connected", N: 100, Serve: grpcServer, Task: func(s Side) Task {
		return func(int) any {
			return Waited(dialled(s).Invoke(context.Background(), "/a.B/C", new(emptypb.Empty), new(emptypb.Empty)))
		}
	}},

	{Name: "database/sql.DB.QueryContext with github.com/jackc/pgx/v5", N: 200, Serve: postgres, Task: func(s Side) Task {
		return queries(stdlib.OpenDB(*Must(pgx.ParseConfig(postgresURL(s)))))
	}},
	{Name: "database/sql.DB.QueryContext", N: 200, Serve: mysqlServer, Task: func(s Side) Task {
		config := mysql.NewConfig()
		config.Net, config.Addr, config.User = "tcp", s.Addr, "a"
		return queries(sql.OpenDB(Must(mysql.NewConnector(config))))
	}},
	{Name: "database/sql.DB.QueryContext with modernc.org/sqlite", N: 50, Resident: true, Task: func(s Side) Task {
		db := Must(sql.Open("sqlite", filepath.Join(os.TempDir(), "db")))
		Must(db.Exec("create table t (id integer primary key, name text)"))
		for i := range 1000 {
			Must(db.Exec("insert into t (id, name) values (?, ?)", i, strings.Repeat("a name ", 10)))
		}
		return func(int) any {
			rows := Must(db.Query("select id, name from t order by name"))
			rows.Next()
			return rows
		}
	}},
	{Name: "github.com/jackc/pgx/v5.Conn.Query", N: 200, Serve: postgres, Task: func(s Side) Task {
		return func(int) any {
			_, err := Must(pgx.Connect(context.Background(), postgresURL(s))).Query(context.Background(), "select 1")
			return Waited(err)
		}
	}},
	{Name: "github.com/jackc/pgx/v5/pgxpool.Pool.Query", N: 200, Serve: postgres, Task: func(s Side) Task {
		config := Must(pgxpool.ParseConfig(postgresURL(s)))
		config.MaxConns = 1000
		p := Must(pgxpool.NewWithConfig(context.Background(), config))
		return func(int) any {
			_, err := p.Query(context.Background(), "select 1")
			return Waited(err)
		}
	}},

	{Name: "github.com/redis/go-redis/v9.cmdable.*", N: 200, Serve: redisServer, Task: func(s Side) Task {
		c := redis.NewClient(&redis.Options{Addr: s.Addr, PoolSize: 1000, ReadTimeout: -1, Protocol: 2, DisableIdentity: true})
		return func(i int) any { return Waited(c.Get(context.Background(), "key").Err()) }
	}},
	{Name: "github.com/nats-io/nats.go.Conn.Request", N: 300, Serve: natsServer, Task: func(s Side) Task {
		c := Must(nats.Connect("nats://" + s.Addr))
		return func(int) any { _, err := c.Request("subject", []byte("question"), time.Hour); return Waited(err) }
	}},
	{Name: "github.com/nats-io/nats.go.Subscription.NextMsg", N: 300, Serve: natsServer, Task: func(s Side) Task {
		c := Must(nats.Connect("nats://" + s.Addr))
		return func(int) any {
			_, err := Must(c.SubscribeSync("subject")).NextMsg(time.Hour)
			return Waited(err)
		}
	}},
	{Name: "github.com/gorilla/websocket.Conn.ReadMessage", N: 200, Serve: websocketServer, Task: func(s Side) Task {
		return func(int) any {
			c, _, err := websocket.DefaultDialer.Dial(s.Addr, nil)
			_, _, err = Must(c, err).ReadMessage()
			return Waited(err)
		}
	}},
	{Name: "github.com/aws/aws-sdk-go-v2/service/s3.Client.GetObject", N: 200, Serve: HTTP, Task: func(s Side) Task {
		c := bucket(s)
		return func(int) any {
			_, err := c.GetObject(context.Background(), &s3.GetObjectInput{Bucket: aws.String("bucket"), Key: aws.String("key")})
			return Waited(err)
		}
	}},
	{Name: "github.com/aws/aws-sdk-go-v2/service/s3.Client.PutObject", N: 200, Serve: HTTP, Task: func(s Side) Task {
		c := bucket(s)
		return func(int) any {
			_, err := c.PutObject(context.Background(), &s3.PutObjectInput{
				Bucket: aws.String("bucket"), Key: aws.String("key"), Body: strings.NewReader("text")})
			return Waited(err)
		}
	}},

	{Name: "github.com/klauspost/compress/zstd.NewReader", N: 20, Task: func(Side) Task {
		e := Must(zstd.NewWriter(nil))
		b := e.EncodeAll(text(1<<20), nil)
		return func(int) any {
			_, err := io.Copy(struct{ io.Writer }{io.Discard}, Must(zstd.NewReader(Stalled(b[:len(b)/2]))))
			return Waited(err)
		}
	}},
	{Name: "github.com/klauspost/compress/zstd.NewWriter", N: 20, Task: func(Side) Task {
		b := text(1 << 20)
		return func(int) any {
			w := Must(zstd.NewWriter(io.Discard))
			Must(w.Write(b))
			return w
		}
	}},
	{Name: "github.com/klauspost/compress/s2.NewWriter", N: 20, Task: func(Side) Task {
		b := text(1 << 20)
		return func(int) any {
			w := s2.NewWriter(io.Discard)
			Must(w.Write(b))
			return w
		}
	}},

	{Name: "golang.org/x/crypto/bcrypt.GenerateFromPassword", N: 20, Task: func(Side) Task {
		return func(int) any { _, err := bcrypt.GenerateFromPassword([]byte("password"), 20); return Waited(err) }
	}},
	{Name: "golang.org/x/crypto/argon2.IDKey", N: 4, Task: func(Side) Task {
		return func(int) any {
			argon2.IDKey([]byte("password"), []byte("salt"), 1000, 64*1024, 1, 32)
			return Waited(nil)
		}
	}},
	{Name: "golang.org/x/crypto/scrypt.Key", N: 4, Task: func(Side) Task {
		return func(int) any {
			_, err := scrypt.Key([]byte("password"), []byte("salt"), 1<<15, 8, 100, 32)
			return Waited(err)
		}
	}},
	{Name: "golang.org/x/sync/semaphore.Weighted.Acquire", N: 1000, Task: func(Side) Task {
		s := semaphore.NewWeighted(1)
		Must(0, s.Acquire(context.Background(), 1))
		return func(int) any { return Waited(s.Acquire(context.Background(), 1)) }
	}},
	{Name: "golang.org/x/sync/errgroup.Group.Go", N: 1000, Task: func(Side) Task {
		return func(int) any {
			var g errgroup.Group
			g.Go(func() error { Never(); return nil })
			return Waited(g.Wait())
		}
	}},
	{Name: "golang.org/x/sync/singleflight.Group.Do", N: 1000, Task: func(Side) Task {
		var g singleflight.Group
		go g.Do("key", func() (any, error) { Never(); return nil, nil })
		time.Sleep(100 * time.Millisecond)
		return func(int) any { _, err, _ := g.Do("key", nil); return Waited(err) }
	}},
}

func dialled(s Side) *grpc.ClientConn {
	return Must(grpc.NewClient(s.Addr, grpc.WithTransportCredentials(insecure.NewCredentials())))
}

func grpcServer() string {
	l := Must(net.Listen("tcp", "127.0.0.1:0"))
	go grpc.NewServer(grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error { Never(); return nil })).Serve(l)
	return l.Addr().String()
}

func queries(db *sql.DB) Task {
	return func(int) any {
		_, err := db.QueryContext(context.Background(), "select 1")
		return Waited(err)
	}
}

func postgresURL(s Side) string { return "postgres://user@" + s.Addr + "/db?sslmode=disable" }

// postgres lets everybody in, and answers no query.
func postgres() string {
	return Serving(func(c net.Conn) {
		if _, err := c.Read(make([]byte, 1024)); err != nil {
			return // a client that has left says itself why
		}
		Must(io.WriteString(c, "R\x00\x00\x00\x08\x00\x00\x00\x00"+"K\x00\x00\x00\x0c\x00\x00\x00\x01\x00\x00\x00\x01"+"Z\x00\x00\x00\x05I"))
	})
}

// mysqlServer does the same.
func mysqlServer() string {
	packet := func(number byte, payload string) string {
		return string([]byte{byte(len(payload)), byte(len(payload) >> 8), 0, number}) + payload
	}
	greeting := "\x0a8.0.0\x00" + "\x01\x00\x00\x00" + "abcdefgh\x00" + "\x00\xa2" + "\x21" + "\x02\x00" + "\x08\x00" + "\x15" +
		strings.Repeat("\x00", 10) + "abcdefghijkl\x00" + "mysql_native_password\x00"
	return Serving(func(c net.Conn) {
		Must(io.WriteString(c, packet(0, greeting)))
		if _, err := c.Read(make([]byte, 1024)); err != nil {
			return
		}
		Must(io.WriteString(c, packet(2, "\x00\x00\x00\x02\x00\x00\x00")))
	})
}

// redisServer knows no command but GET, which it does not answer.
func redisServer() string {
	return Serving(func(c net.Conn) {
		begins := false
		for in := bufio.NewScanner(c); in.Scan(); {
			switch line := in.Text(); {
			case strings.HasPrefix(line, "*"):
				begins = true
			case strings.HasPrefix(line, "$") || !begins:
			case strings.EqualFold(line, "get"):
				return
			default:
				begins = false
				Must(io.WriteString(c, "-ERR unknown command\r\n"))
			}
		}
	})
}

func natsServer() string {
	return Serving(func(c net.Conn) {
		info := Must(json.Marshal(map[string]any{"server_id": "a", "version": "2.10.0", "proto": 1, "headers": true, "max_payload": 1 << 20}))
		Must(fmt.Fprintf(c, "INFO %s\r\n", info))
		for in := bufio.NewScanner(c); in.Scan(); {
			if in.Text() == "PING" {
				Must(io.WriteString(c, "PONG\r\n"))
			}
		}
	})
}

func websocketServer() string {
	l := Must(net.Listen("tcp", "127.0.0.1:0"))
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Must(new(websocket.Upgrader).Upgrade(w, r, nil))
		Never()
	}))
	return "ws://" + l.Addr().String()
}

func bucket(s Side) *s3.Client {
	return s3.New(s3.Options{
		Region: "eu-west-1", BaseEndpoint: &s.Addr, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	})
}

// text does not compress to nothing.
func text(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = "the quick brown fox jumps over the lazy dog, 0123456789 so it is"[x>>26]
	}
	return b
}
