package knowledge

// queues deliver messages: brokers, subscriptions, streams, watches.
var queues = []Library{
	{Path: "github.com/nats-io/nats.go", Module: "github.com/nats-io/nats.go", Version: "v1.55.0", Funcs: []Func{
		{Name: "Conn.Subscribe", Does: Calls, Arg: 2, Origin: Messages, Text: "the messages of a subscription"},
		{Name: "Conn.QueueSubscribe", Does: Calls, Arg: 3, Origin: Messages, Text: "the messages of a subscription"},
		{Name: "JetStream.Subscribe", Does: Calls, Arg: 2, Origin: Messages, Text: "the messages of a subscription"},
		{Name: "JetStream.QueueSubscribe", Does: Calls, Arg: 3, Origin: Messages, Text: "the messages of a subscription"},
		{Name: "Subscription.NextMsg", Does: One, Origin: Messages, Text: "the messages of a subscription"},
		{Name: "Subscription.NextMsgWithContext", Does: One, Origin: Messages, Text: "the messages of a subscription"},
		{Name: "Subscription.Fetch", Does: Many, Origin: Messages, Few: 1, Text: "the messages of a subscription"},
		{Name: "Subscription.FetchBatch", Does: Many, Origin: Messages, Few: 1, Text: "the messages of a subscription"},
		{Name: "Subscription.Msgs", Does: Many, Origin: Messages, Text: "the messages of a subscription"},
	}},
	{Path: "github.com/nats-io/nats.go/jetstream", Module: "github.com/nats-io/nats.go", Version: "v1.55.0", Funcs: []Func{
		{Name: "Consumer.Consume", Does: Calls, Arg: 1, Origin: Messages, Text: "the messages of a stream"},
		{Name: "Consumer.Fetch", Does: Many, Origin: Messages, Few: 1, Text: "the messages of a stream"},
		{Name: "Consumer.Next", Does: One, Origin: Messages, Text: "the messages of a stream"},
		{Name: "MessagesContext.Next", Does: One, Origin: Messages, Text: "the messages of a stream"},
		{Name: "Msg.Data", Does: Says, Origin: Messages, Text: "a message of a stream"},
	}},
	{Path: "github.com/redis/go-redis/v9", Module: "github.com/redis/go-redis/v9", Version: "v9.17.2", Funcs: []Func{
		{Name: "PubSub.Receive", Does: One, Origin: Messages, Text: "the messages of a channel"},
		{Name: "PubSub.ReceiveMessage", Does: One, Origin: Messages, Text: "the messages of a channel"},
		{Name: "PubSub.Channel", Does: Many, Origin: Messages, Text: "the messages of a channel"},
		{Name: "ScanIterator.Next", Does: One, Origin: Rows, Text: "the keys of a store"},
		{Name: "ScanCmd.Val", Does: Many, Origin: Rows, Text: "the keys of a store"},
		{Name: "ScanCmd.Result", Does: Many, Origin: Rows, Text: "the keys of a store"},
		{Name: "XMessageSliceCmd.Val", Does: Many, Origin: Rows, Text: "the entries of a stream"},
		{Name: "XMessageSliceCmd.Result", Does: Many, Origin: Rows, Text: "the entries of a stream"},
		{Name: "StringSliceCmd.Val", Does: Many, Origin: Rows, Text: "the contents of a store"},
		{Name: "StringSliceCmd.Result", Does: Many, Origin: Rows, Text: "the contents of a store"},
		{Name: "MapStringStringCmd.Val", Does: Many, Origin: Rows, Text: "the contents of a store"},
		{Name: "MapStringStringCmd.Result", Does: Many, Origin: Rows, Text: "the contents of a store"},
	}},
	{Path: "github.com/IBM/sarama", Module: "github.com/IBM/sarama", Version: "v1.46.3", Funcs: []Func{
		{Name: "ConsumerGroupClaim.Messages", Does: Many, Origin: Messages, Text: "the messages of a topic"},
		{Name: "PartitionConsumer.Messages", Does: Many, Origin: Messages, Text: "the messages of a topic"},
	}},
	{Path: "github.com/segmentio/kafka-go", Module: "github.com/segmentio/kafka-go", Version: "v0.4.49", Funcs: []Func{
		{Name: "Reader.ReadMessage", Does: One, Origin: Messages, Text: "the messages of a topic"},
		{Name: "Reader.FetchMessage", Does: One, Origin: Messages, Text: "the messages of a topic"},
		{Name: "Batch.ReadMessage", Does: One, Origin: Messages, Text: "the messages of a topic"},
		{Name: "Conn.ReadMessage", Does: One, Origin: Messages, Text: "the messages of a topic"},
	}},
	{Path: "github.com/twmb/franz-go/pkg/kgo", Module: "github.com/twmb/franz-go", Version: "v1.22.2", Funcs: []Func{
		{Name: "Client.PollFetches", Does: Many, Origin: Messages, Text: "the records of a topic"},
		{Name: "Client.PollRecords", Does: Many, Origin: Messages, Few: 2, Text: "the records of a topic"},
		{Name: "Fetches.EachRecord", Does: Calls, Arg: 1, Origin: Messages, Text: "the records of a topic"},
		{Name: "Fetches.Records", Does: Many, Origin: Messages, Text: "the records of a topic"},
		{Name: "FetchesRecordIter.Next", Does: One, Origin: Messages, Text: "the records of a topic"},
	}},
	{Path: "github.com/rabbitmq/amqp091-go", Module: "github.com/rabbitmq/amqp091-go", Version: "v1.10.0", Funcs: []Func{
		{Name: "Channel.Consume", Does: Many, Origin: Messages, Text: "the messages of a queue"},
		{Name: "Channel.ConsumeWithContext", Does: Many, Origin: Messages, Text: "the messages of a queue"},
		{Name: "Channel.Get", Does: One, Origin: Messages, Text: "the messages of a queue"},
	}},
	{Path: "github.com/apache/pulsar-client-go/pulsar", Module: "github.com/apache/pulsar-client-go", Version: "v0.19.0", Funcs: []Func{
		{Name: "Consumer.Receive", Does: One, Origin: Messages, Text: "the messages of a topic"},
		{Name: "Consumer.Chan", Does: Many, Origin: Messages, Text: "the messages of a topic"},
		{Name: "Reader.Next", Does: One, Origin: Messages, Text: "the messages of a topic"},
	}},
	{Path: "cloud.google.com/go/pubsub", Module: "cloud.google.com/go/pubsub", Version: "v1.50.1", Funcs: []Func{
		{Name: "Subscription.Receive", Does: Calls, Arg: 2, Origin: Messages, Text: "the messages of a subscription"},
	}},
	{Path: "github.com/gorilla/websocket", Module: "github.com/gorilla/websocket", Version: "v1.5.3", Funcs: []Func{
		{Name: "Conn.ReadMessage", Does: One, Origin: Messages, Text: "the messages of a connection"},
		{Name: "Conn.NextReader", Does: One, Origin: Messages, Text: "the messages of a connection"},
		{Name: "Conn.ReadJSON", Does: Fills, Arg: 1, From: -1, Origin: Messages, Text: "the messages of a connection"},
	}},
	{Path: "github.com/coder/websocket", Module: "github.com/coder/websocket", Version: "v1.8.14", Funcs: []Func{
		{Name: "Conn.Read", Does: One, Origin: Messages, Text: "the messages of a connection"},
		{Name: "Conn.Reader", Does: One, Origin: Messages, Text: "the messages of a connection"},
	}},
	{Path: "google.golang.org/grpc", Module: "google.golang.org/grpc", Version: "v1.78.0", Funcs: []Func{
		{Name: "ServerStreamingClient.Recv", Does: One, Origin: Messages, Text: "the messages of a stream"},
		{Name: "ClientStreamingServer.Recv", Does: One, Origin: Messages, Text: "the messages of a stream"},
		{Name: "BidiStreamingClient.Recv", Does: One, Origin: Messages, Text: "the messages of a stream"},
		{Name: "BidiStreamingServer.Recv", Does: One, Origin: Messages, Text: "the messages of a stream"},
		{Name: "ClientStream.RecvMsg", Does: Fills, Arg: 1, From: -1, Origin: Messages, Text: "the messages of a stream"},
		{Name: "ServerStream.RecvMsg", Does: Fills, Arg: 1, From: -1, Origin: Messages, Text: "the messages of a stream"},
	}},
	{Path: "connectrpc.com/connect", Module: "connectrpc.com/connect", Version: "v1.19.1", Types: []Type{
		{Name: "Request", Origin: Request, Text: "from the request"},
		{Name: "Response", Origin: Response, Text: "from a server's response"},
	}, Funcs: []Func{
		{Name: "ClientStream.Receive", Does: One, Origin: Messages, Text: "the messages of a stream"},
		{Name: "BidiStream.Receive", Does: One, Origin: Messages, Text: "the messages of a stream"},
		{Name: "ServerStreamForClient.Receive", Does: One, Origin: Messages, Text: "the messages of a stream"},
		{Name: "BidiStreamForClient.Receive", Does: One, Origin: Messages, Text: "the messages of a stream"},
	}},
	{Path: "go.etcd.io/etcd/client/v3", Module: "go.etcd.io/etcd/client/v3", Version: "v3.6.7", Funcs: []Func{
		{Name: "Watcher.Watch", Does: Many, Origin: Messages, Text: "the events of a watch"},
	}},
	{Path: "k8s.io/apimachinery/pkg/watch", Module: "k8s.io/apimachinery", Version: "v0.37.2", Funcs: []Func{
		{Name: "Interface.ResultChan", Does: Many, Origin: Messages, Text: "the events of a watch"},
	}},
	{Path: "github.com/fsnotify/fsnotify", Module: "github.com/fsnotify/fsnotify", Version: "v1.9.0", Fields: []Field{
		{Name: "Watcher.Events", Origin: Messages, Text: "the events of a file system"},
	}},
	{Path: "github.com/nxadm/tail", Module: "github.com/nxadm/tail", Version: "v1.4.11", Fields: []Field{
		{Name: "Tail.Lines", Origin: Records, Text: "the lines of a file"},
	}},
	{Path: "github.com/eclipse/paho.mqtt.golang", Module: "github.com/eclipse/paho.mqtt.golang", Version: "v1.5.1", Funcs: []Func{
		{Name: "Client.Subscribe", Does: Calls, Arg: 3, Origin: Messages, Text: "the messages of a topic"},
		{Name: "Client.SubscribeMultiple", Does: Calls, Arg: 2, Origin: Messages, Text: "the messages of topics"},
		{Name: "Client.AddRoute", Does: Calls, Arg: 2, Origin: Messages, Text: "the messages of a topic"},
	}},
	{Path: "github.com/ThreeDotsLabs/watermill/message", Module: "github.com/ThreeDotsLabs/watermill", Version: "v1.5.1", Funcs: []Func{
		{Name: "Subscriber.Subscribe", Does: Many, Origin: Messages, Text: "the messages of a topic"},
	}},
	{Path: "github.com/aws/aws-sdk-go-v2/service/sqs", Module: "github.com/aws/aws-sdk-go-v2/service/sqs", Version: "v1.42.20", Funcs: []Func{
		{Name: "Client.ReceiveMessage", Does: Small, Text: "ten messages at most"},
	}},
}
