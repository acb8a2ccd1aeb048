package footprint

// Goroutine is what a goroutine holds that waits on a channel: 2 KiB of stack, and what the runtime
// keeps of it.
const Goroutine = 2600

// std is the version of Go whose standard library was measured.
const std = "go1.26.8"

// table is measured, on linux/amd64 with GOMAXPROCS=2, by what stands in samples_linux_test.go and
// modules: go test -run TestMeasure -measure, here and there, writes the figures anew, and in .ci/run
// a test holds them against what it measures.
//
// They are what the heap and the stacks hold when the garbage collector has run: before that, a heap
// grows to twice as much, and stacks are not yet halved. What the operating system holds, buffers of
// sockets and threads, is not in them.
var table = []Row{
	{Package: "net/http", Func: "Client.Do", Bytes: 26000, Of: "a connection with its two goroutines, their stacks, and two buffers of 4 KiB", With: std, Also: []string{
		"Get", "Head", "Post", "PostForm", "Client.Get", "Client.Head", "Client.Post", "Client.PostForm", "Transport.RoundTrip"}},
	{Package: "net/http", Func: "Client.Do", Variant: "over TLS", Bytes: 36000, Of: "the same, and the state of TLS with its buffers", With: std},
	{Package: "net/http", Func: "Client.Do", Variant: "over HTTP/2", Bytes: 15000, Of: "a stream with its goroutine and stack; 200 share a connection", With: std},
	{Package: "net/http", Func: "Server.Serve", Variant: "for each request", Bytes: 20000, Of: "the connection with its buffers, the request, and a goroutine that reads ahead", With: std},
	{Package: "net/http", Func: "Request.ParseMultipartForm", Bytes: 4600, Per: 2, Of: "the form, up to the limit of its argument", With: std, Also: []string{"Request.FormFile"}},

	{Package: "net", Func: "Dialer.DialContext", Bytes: 2500, Of: "stack, and the socket in the poller", With: std, Also: []string{"Dial", "DialTimeout", "DialTCP", "Dialer.Dial"}},
	{Package: "net", Func: "Conn.Read", Bytes: 2400, Of: "stack, and the socket in the poller; not the slice that it reads into", With: std, Also: []string{
		"Conn.Write", "conn.Read", "conn.Write", "TCPConn.ReadFrom", "Listener.Accept", "TCPListener.Accept"}},
	{Package: "net", Func: "UDPConn.ReadFrom", Bytes: 2300, Of: "stack, and the socket in the poller; not the slice that it reads into", With: std, Also: []string{
		"UDPConn.ReadFromUDP", "UDPConn.ReadMsgUDP", "PacketConn.ReadFrom"}},
	{Package: "net", Func: "Resolver.LookupIPAddr", Bytes: 29000, During: true, Of: "a goroutine for each type of record, with a socket and a packet each", With: std, Also: []string{
		"LookupHost", "LookupIP", "LookupAddr", "LookupCNAME", "LookupMX", "LookupNS", "LookupSRV", "LookupTXT",
		"Resolver.LookupHost", "Resolver.LookupIP", "Resolver.LookupNetIP", "Resolver.LookupAddr", "Resolver.LookupCNAME",
		"Resolver.LookupMX", "Resolver.LookupNS", "Resolver.LookupSRV", "Resolver.LookupTXT"}},
	{Package: "net", Func: "Pipe", Bytes: 1600, Of: "channels", With: std},
	{Package: "crypto/tls", Func: "Conn.Read", Bytes: 14000, Of: "the socket, the state of TLS with its buffers, and stack", With: std, Also: []string{
		"Dial", "DialWithDialer", "Dialer.Dial", "Dialer.DialContext", "Conn.Write", "Conn.Handshake", "Conn.HandshakeContext"}},
	{Package: "net/smtp", Func: "SendMail", Bytes: 15000, During: true, Of: "a connection with two buffers of 4 KiB, and stack", With: std, Also: []string{
		"Dial", "NewClient", "Client.Mail", "Client.Rcpt", "Client.Data", "Client.Hello", "Client.StartTLS"}},
	{Package: "net/textproto", Func: "Dial", Bytes: 11000, Of: "a connection with two buffers of 4 KiB", With: std, Also: []string{"NewConn"}},
	{Package: "net/rpc", Func: "Client.Call", Bytes: 2400, During: true, Of: "the call and its channel; the connection is shared", With: std},

	{Package: "database/sql", Func: "DB.QueryContext", Bytes: 15000, During: true, Of: "a connection of the driver with a buffer of 4 KiB, and a goroutine that watches it", With: "github.com/go-sql-driver/mysql v1.10.1", Also: []string{
		"DB.Query", "DB.QueryRow", "DB.QueryRowContext", "DB.Exec", "DB.ExecContext", "DB.Ping", "DB.PingContext",
		"DB.Begin", "DB.BeginTx", "DB.Prepare", "DB.PrepareContext", "DB.Conn", "Conn.QueryContext", "Conn.QueryRowContext",
		"Conn.ExecContext", "Tx.Query", "Tx.QueryContext", "Tx.QueryRow", "Tx.QueryRowContext", "Tx.Exec", "Tx.ExecContext",
		"Stmt.Query", "Stmt.QueryContext", "Stmt.QueryRow", "Stmt.QueryRowContext", "Stmt.Exec", "Stmt.ExecContext", "Rows.Next"}},
	{Package: "database/sql", Func: "DB.QueryContext", Variant: "without what the driver holds", Bytes: 2600, Of: "stack, and database/sql's own record of a connection", With: std},
	{Package: "database/sql", Func: "DB.QueryContext", Variant: "that waits for a connection", Bytes: 2300, Of: "stack, and a place in the queue", With: std},
	{Package: "database/sql", Func: "DB.QueryContext", Variant: "with github.com/jackc/pgx/v5", Bytes: 78000, Of: "a connection with its map of types, caches and buffers", With: "github.com/jackc/pgx/v5 v5.13.0"},
	{Package: "database/sql", Func: "DB.QueryContext", Variant: "with modernc.org/sqlite", Bytes: 410000, Of: "a connection of SQLite with its cache of pages", With: "modernc.org/sqlite v1.62.0"},
	{Package: "github.com/jackc/pgx/v5", Func: "Conn.Query", Bytes: 77000, Of: "a connection with its map of types, caches and buffers", With: "github.com/jackc/pgx/v5 v5.13.0", Also: []string{
		"Connect", "Conn.Exec", "Conn.QueryRow", "Conn.SendBatch", "Conn.Begin"}},
	{Package: "github.com/jackc/pgx/v5/pgxpool", Func: "Pool.Query", Bytes: 82000, Of: "a connection with its map of types, caches and buffers, if the pool's limit allows one for each", With: "github.com/jackc/pgx/v5 v5.13.0", Also: []string{
		"Pool.Exec", "Pool.QueryRow", "Pool.SendBatch", "Pool.Begin", "Pool.Acquire"}},
	{Package: "github.com/redis/go-redis/v9", Func: "cmdable.*", Bytes: 74000, During: true, Of: "a connection with two buffers of 32 KiB, if the pool's limit allows one for each", With: "github.com/redis/go-redis/v9 v9.21.0", Also: []string{
		"Cmdable.*", "UniversalClient.*", "Client.Process", "Pipeline.Exec", "Pipeliner.Exec"}},

	{Package: "os", Func: "ReadFile", Bytes: 730, Per: 1, Of: "the file", With: std},
	{Package: "os", Func: "Open", Bytes: 280, Of: "the file", With: std, Also: []string{"Create", "OpenFile", "CreateTemp"}},
	{Package: "os", Func: "File.Read", Variant: "of a pipe", Bytes: 150, Of: "stack, and two files", With: std},
	{Package: "os", Func: "ReadDir", Bytes: 13000, Of: "100 entries", With: std},
	{Package: "os/exec", Func: "Cmd.Run", Bytes: 40000, Thread: true, During: true, Of: "a thread that waits for the process, arguments and environment", With: std, Also: []string{"Cmd.Wait"}},
	{Package: "os/exec", Func: "Cmd.CombinedOutput", Bytes: 46000, Thread: true, During: true, Of: "the same, and a pipe with a goroutine that reads it", With: std, Also: []string{"Cmd.Output"}},

	{Package: "io", Func: "Copy", Bytes: 33000, During: true, Unless: "io.Discard", Of: "a buffer of 32 KiB, unless one of its arguments avoids it, as io.Discard does", With: std, Also: []string{"CopyN"}},
	{Package: "io", Func: "ReadAll", Bytes: 830, Per: 1.41, Of: "the data read, in growing pieces", With: std},
	{Package: "io", Func: "Pipe", Bytes: 680, Of: "channels", With: std},
	{Package: "bufio", Func: "NewReader", Bytes: 6300, Of: "a buffer of 4 KiB, and stack", With: std, Also: []string{"NewReadWriter"}},
	{Package: "bufio", Func: "NewWriter", Bytes: 4200, Of: "a buffer of 4 KiB", With: std},
	{Package: "bufio", Func: "Scanner.Scan", Bytes: 4200, Of: "a buffer of 4 KiB, for lines that fit", With: std},

	{Package: "compress/gzip", Func: "NewReader", Bytes: 80000, Of: "a window of 32 KiB, tables, and two buffers", With: std},
	{Package: "compress/zlib", Func: "NewReader", Bytes: 79000, Of: "a window of 32 KiB, tables, and two buffers", With: std},
	{Package: "compress/flate", Func: "NewReader", Bytes: 80000, Of: "a window of 32 KiB, tables, and two buffers", With: std},
	{Package: "compress/lzw", Func: "NewReader", Bytes: 60000, Of: "tables, and two buffers", With: std},
	{Package: "compress/bzip2", Func: "NewReader", Bytes: 3.6e+06, Of: "a block of 900,000 bytes, bzip2's default", With: std},
	{Package: "compress/gzip", Func: "Writer.Write", Bytes: 820000, Of: "a window, hash tables and tokens", With: std, Also: []string{"NewWriter", "NewWriterLevel"}},
	{Package: "compress/zlib", Func: "Writer.Write", Bytes: 820000, Of: "a window, hash tables and tokens", With: std, Also: []string{"NewWriter", "NewWriterLevel"}},
	{Package: "compress/flate", Func: "NewWriter", Bytes: 820000, Of: "a window, hash tables and tokens", With: std, Also: []string{"Writer.Write"}},
	{Package: "github.com/klauspost/compress/zstd", Func: "NewReader", Bytes: 1600000, Of: "blocks, history and goroutines, for two processors", With: "github.com/klauspost/compress v1.20.3"},
	{Package: "github.com/klauspost/compress/zstd", Func: "NewWriter", Bytes: 19000000, Of: "window, blocks and hash tables, for two processors", With: "github.com/klauspost/compress v1.20.3"},
	{Package: "github.com/klauspost/compress/s2", Func: "NewWriter", Bytes: 1000000, Of: "a block of a megabyte", With: "github.com/klauspost/compress v1.20.3"},

	{Package: "encoding/json", Func: "Decoder.Decode", Bytes: 340, Per: 2, Of: "the document in a buffer that doubles", With: std},
	{Package: "encoding/json", Func: "Unmarshal", Bytes: 3200, Per: 1.72, Of: "records of five fields, of 90 bytes of text each", With: std},
	{Package: "encoding/json", Func: "Marshal", Bytes: 2600, Per: 1, Of: "the document", With: std, Also: []string{"MarshalIndent"}},
	{Package: "encoding/xml", Func: "Decoder.Decode", Bytes: 11000, Of: "a buffer of 4 KiB, the open elements, and stack", With: std, Also: []string{"Decoder.Token", "NewDecoder"}},
	{Package: "encoding/csv", Func: "Reader.Read", Bytes: 6500, Of: "a buffer of 4 KiB, and stack", With: std, Also: []string{"NewReader"}},
	{Package: "encoding/csv", Func: "Reader.ReadAll", Bytes: 6300, Per: 5, Of: "records of five fields, of 26 bytes of text each", With: std},
	{Package: "encoding/gob", Func: "Decoder.Decode", Bytes: 13000, Of: "a buffer of 4 KiB, the type's description, and stack", With: std, Also: []string{"NewDecoder"}},
	{Package: "text/template", Func: "Template.Execute", Bytes: 6600, During: true, Of: "the state, and stack", With: std, Also: []string{"Template.ExecuteTemplate"}},

	{Package: "archive/zip", Func: "NewReader", Bytes: 23000, Of: "a directory of 100 entries", With: std},
	{Package: "archive/zip", Func: "File.Open", Bytes: 47000, Of: "a window of 32 KiB, tables, and two buffers", With: std},
	{Package: "archive/tar", Func: "Reader.Next", Bytes: 780, Of: "a block, and the header", With: std},
	{Package: "mime/multipart", Func: "Reader.NextPart", Bytes: 15000, Of: "buffers, headers, and stack", With: std, Also: []string{"NewReader", "Reader.NextRawPart"}},
	{Package: "image", Func: "Decode", Bytes: 1600000, Of: "1.5 bytes per pixel of a JPEG of one megapixel", With: std},
	{Package: "image/jpeg", Func: "Decode", Bytes: 1600000, Of: "1.5 bytes per pixel, here a million pixels", With: std},
	{Package: "image/png", Func: "Decode", Bytes: 4100000, Of: "four bytes per pixel, here a million pixels, and the decoder's window", With: std},
	{Package: "crypto/sha256", Func: "New", Bytes: 130, Of: "the state", With: std},
	{Package: "crypto/cipher", Func: "NewGCM", Bytes: 770, Of: "the keys", With: std},
	{Package: "golang.org/x/crypto/bcrypt", Func: "GenerateFromPassword", Bytes: 4500, During: true, Of: "the cipher's tables of 4 KiB, and stack", With: "golang.org/x/crypto v0.58.0", Also: []string{"CompareHashAndPassword"}},
	{Package: "golang.org/x/crypto/argon2", Func: "IDKey", Bytes: 67000000, During: true, Of: "the memory that it is configured to use, here 64 MiB", With: "golang.org/x/crypto v0.58.0"},
	{Package: "golang.org/x/crypto/scrypt", Func: "Key", Bytes: 34000000, During: true, Of: "a kilobyte for each unit of N, here 32,768, with r = 8", With: "golang.org/x/crypto v0.58.0"},

	{Package: "google.golang.org/grpc", Func: "ClientConn.Invoke", Bytes: 9600, During: true, Of: "a stream with its context, and stack; the connection is shared", With: "google.golang.org/grpc v1.83.2", Also: []string{"ClientConnInterface.Invoke"}},
	{Package: "google.golang.org/grpc", Func: "ClientStream.RecvMsg", Bytes: 12000, Of: "a stream with a goroutine that watches its context, and stack", With: "google.golang.org/grpc v1.83.2", Also: []string{
		"ClientConn.NewStream", "ClientConnInterface.NewStream", "ClientStream.SendMsg"}},
	{Package: "google.golang.org/grpc", Func: "NewClient", Variant: "that is connected", Bytes: 49000, Of: "a connection with its buffers and goroutines", With: "google.golang.org/grpc v1.83.2"},
	{Package: "github.com/gorilla/websocket", Func: "Conn.ReadMessage", Bytes: 12000, Of: "a connection with two buffers of 4 KiB", With: "github.com/gorilla/websocket v1.5.3", Also: []string{
		"Dialer.Dial", "Dialer.DialContext", "Conn.ReadJSON", "Conn.NextReader", "Conn.WriteMessage", "Conn.WriteJSON"}},
	{Package: "github.com/nats-io/nats.go", Func: "Conn.Request", Bytes: 3200, During: true, Of: "a channel, a timer, and stack; the connection is shared", With: "github.com/nats-io/nats.go v1.55.0", Also: []string{"Conn.RequestMsg", "Conn.RequestWithContext"}},
	{Package: "github.com/nats-io/nats.go", Func: "Subscription.NextMsg", Bytes: 530000, Of: "a channel for 65,536 messages", With: "github.com/nats-io/nats.go v1.55.0", Also: []string{"Subscription.NextMsgWithContext", "Conn.SubscribeSync"}},
	{Package: "github.com/aws/aws-sdk-go-v2/service/s3", Func: "Client.GetObject", Bytes: 98000, Of: "a connection as for http.Client.Do, the layers around it, and their stack", With: "github.com/aws/aws-sdk-go-v2/service/s3 v1.104.0", Also: []string{
		"Client.HeadObject", "Client.DeleteObject", "Client.DeleteObjects", "Client.ListObjectsV2", "Client.CopyObject"}},
	{Package: "github.com/aws/aws-sdk-go-v2/service/s3", Func: "Client.PutObject", Bytes: 99000, During: true, Of: "the same; not the data sent", With: "github.com/aws/aws-sdk-go-v2/service/s3 v1.104.0", Also: []string{"Client.UploadPart"}},

	{Package: "time", Func: "Sleep", Bytes: 0, During: true, Of: "nothing", With: std},
	{Package: "time", Func: "After", Bytes: 260, During: true, Of: "a timer and its channel", With: std},
	{Package: "time", Func: "NewTimer", Bytes: 240, Of: "a timer and its channel", With: std},
	{Package: "time", Func: "NewTicker", Bytes: 260, Of: "a timer and its channel", With: std, Also: []string{"Tick"}},
	{Package: "context", Func: "WithCancel", Bytes: 210, Of: "the context and its channel", With: std},
	{Package: "context", Func: "WithTimeout", Bytes: 470, Of: "the context, its channel and a timer", With: std, Also: []string{"WithDeadline"}},
	{Package: "sync", Func: "Mutex.Lock", Bytes: 0, During: true, Of: "nothing", With: std},
	{Package: "sync", Func: "Cond.Wait", Bytes: 0, During: true, Of: "nothing", With: std},
	{Package: "sync", Func: "WaitGroup.Wait", Bytes: 0, During: true, Of: "nothing", With: std},
	{Package: "golang.org/x/sync/semaphore", Func: "Weighted.Acquire", Bytes: 240, During: true, Of: "a place in the queue", With: "golang.org/x/sync v0.24.0"},
	{Package: "golang.org/x/sync/errgroup", Func: "Group.Go", Bytes: 2700, Of: "a goroutine and its closure", With: "golang.org/x/sync v0.24.0"},
	{Package: "golang.org/x/sync/singleflight", Func: "Group.Do", Bytes: 0, During: true, Of: "nothing: the first caller holds it", With: "golang.org/x/sync v0.24.0", Also: []string{"Group.DoChan"}},
}
