package knowledge

// stores hold rows, documents, keys and objects.
var stores = []Library{
	{Path: "go.mongodb.org/mongo-driver/mongo", Module: "go.mongodb.org/mongo-driver", Version: "v1.17.9", Funcs: mongo()},
	{Path: "go.mongodb.org/mongo-driver/v2/mongo", Module: "go.mongodb.org/mongo-driver/v2", Version: "v2.5.0", Funcs: mongo()},
	{Path: "gorm.io/gorm", Module: "gorm.io/gorm", Version: "v1.31.1", Funcs: []Func{
		{Name: "DB.Find", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "DB.Scan", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "DB.Pluck", Does: Fills, Arg: 2, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "DB.Rows", Does: Many, Origin: Rows, Text: "the rows of a query"},
		{Name: "DB.FindInBatches", Does: Calls, Arg: 3, Origin: Rows, Text: "the batches of a query"},
	}},
	{Path: "github.com/jmoiron/sqlx", Module: "github.com/jmoiron/sqlx", Version: "v1.4.0", Funcs: []Func{
		{Name: "DB.Select", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "DB.SelectContext", Does: Fills, Arg: 2, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "Tx.Select", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "Tx.SelectContext", Does: Fills, Arg: 2, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "Stmt.Select", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "NamedStmt.Select", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "Select", Does: Fills, Arg: 2, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "SelectContext", Does: Fills, Arg: 3, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "StructScan", Does: Fills, Arg: 2, From: -1, Origin: Rows, Text: "the rows of a query"},
	}},
	{Path: "github.com/jackc/pgx/v5", Module: "github.com/jackc/pgx/v5", Version: "v5.8.0", Funcs: []Func{
		{Name: "Rows.Next", Does: One, Origin: Rows, Text: "the rows of a query"},
		{Name: "CollectRows", Does: Many, Origin: Rows, Text: "the rows of a query"},
		{Name: "AppendRows", Does: Many, Origin: Rows, Text: "the rows of a query"},
		{Name: "ForEachRow", Does: Calls, Arg: 3, Origin: Rows, Text: "the rows of a query"},
		{Name: "Conn.WaitForNotification", Does: One, Origin: Messages, Text: "the notifications of a database"},
	}},
	{Path: "xorm.io/xorm", Module: "xorm.io/xorm", Version: "v1.3.11", Funcs: []Func{
		{Name: "Session.Find", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "Engine.Find", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "the rows of a query"},
		{Name: "Session.Iterate", Does: Calls, Arg: 2, Origin: Rows, Text: "the rows of a query"},
		{Name: "Rows.Next", Does: One, Origin: Rows, Text: "the rows of a query"},
	}},
	{Path: "github.com/gocql/gocql", Module: "github.com/gocql/gocql", Version: "v1.7.0", Funcs: []Func{
		{Name: "Iter.Scan", Does: One, Origin: Rows, Text: "the rows of a query"},
		{Name: "Iter.MapScan", Does: One, Origin: Rows, Text: "the rows of a query"},
		{Name: "Iter.SliceMap", Does: Many, Origin: Rows, Text: "the rows of a query"},
		{Name: "Scanner.Next", Does: One, Origin: Rows, Text: "the rows of a query"},
	}},
	{Path: "github.com/ClickHouse/clickhouse-go/v2/lib/driver", Module: "github.com/ClickHouse/clickhouse-go/v2", Version: "v2.42.0", Funcs: []Func{
		{Name: "Rows.Next", Does: One, Origin: Rows, Text: "the rows of a query"},
		{Name: "Conn.Select", Does: Fills, Arg: 2, From: -1, Origin: Rows, Text: "the rows of a query"},
	}},
	{Path: "go.etcd.io/bbolt", Module: "go.etcd.io/bbolt", Version: "v1.4.3", Funcs: []Func{
		{Name: "Bucket.ForEach", Does: Calls, Arg: 1, Origin: Rows, Text: "the entries of a bucket"},
		{Name: "Bucket.ForEachBucket", Does: Calls, Arg: 1, Origin: Rows, Text: "the entries of a bucket"},
		{Name: "Tx.ForEach", Does: Calls, Arg: 1, Origin: Rows, Text: "the buckets of a store"},
		{Name: "Cursor.Next", Does: One, Origin: Rows, Text: "the entries of a bucket"},
		{Name: "Cursor.Prev", Does: One, Origin: Rows, Text: "the entries of a bucket"},
	}},
	{Path: "github.com/dgraph-io/badger/v4", Module: "github.com/dgraph-io/badger/v4", Version: "v4.9.6", Funcs: []Func{
		{Name: "Iterator.Valid", Does: One, Origin: Rows, Text: "the entries of a store"},
		{Name: "Iterator.ValidForPrefix", Does: One, Origin: Rows, Text: "the entries of a store"},
	}},
	{Path: "github.com/syndtr/goleveldb/leveldb/iterator", Module: "github.com/syndtr/goleveldb", Version: "v1.0.1-0.20220721030215-126854af5e6d", Funcs: []Func{
		{Name: "IteratorSeeker.Next", Does: One, Origin: Rows, Text: "the entries of a store"},
		{Name: "IteratorSeeker.Prev", Does: One, Origin: Rows, Text: "the entries of a store"},
	}},
	{Path: "github.com/hashicorp/go-memdb", Module: "github.com/hashicorp/go-memdb", Version: "v1.3.5", Funcs: []Func{
		{Name: "ResultIterator.Next", Does: One, Origin: Rows, Text: "the entries of a table"},
	}},
	{Path: "github.com/minio/minio-go/v7", Module: "github.com/minio/minio-go/v7", Version: "v7.0.97", Funcs: []Func{
		{Name: "Client.ListObjects", Does: Many, Origin: Listing, Text: "the objects of a bucket"},
		{Name: "Client.ListObjectsIter", Does: Many, Origin: Listing, Text: "the objects of a bucket"},
		{Name: "Client.ListIncompleteUploads", Does: Many, Origin: Listing, Text: "the uploads of a bucket"},
	}},
	{Path: "cloud.google.com/go/storage", Module: "cloud.google.com/go/storage", Version: "v1.58.0", Funcs: []Func{
		{Name: "BucketHandle.Objects", Does: Many, Origin: Listing, Text: "the objects of a bucket"},
		{Name: "ObjectIterator.Next", Does: One, Origin: Listing, Text: "the objects of a bucket"},
		{Name: "BucketIterator.Next", Does: One, Origin: Listing, Text: "the buckets of a project"},
	}},
	{Path: "github.com/aws/aws-sdk-go-v2/service/s3", Module: "github.com/aws/aws-sdk-go-v2/service/s3", Version: "v1.95.0", Funcs: []Func{
		{Name: "ListObjectsV2Paginator.HasMorePages", Does: One, Origin: Listing, Text: "the objects of a bucket"},
		{Name: "ListObjectsV2Paginator.NextPage", Does: One, Origin: Listing, Text: "the objects of a bucket"},
		{Name: "Client.ListObjectsV2", Does: Many, Origin: Listing, Text: "the objects of a bucket"},
		{Name: "Client.ListObjects", Does: Many, Origin: Listing, Text: "the objects of a bucket"},
		{Name: "Client.ListObjectVersions", Does: Many, Origin: Listing, Text: "the versions of a bucket"},
	}},
	{Path: "github.com/aws/aws-sdk-go/service/s3", Module: "github.com/aws/aws-sdk-go", Version: "v1.55.8", Funcs: []Func{
		{Name: "S3.ListObjectsPages", Does: Calls, Arg: 2, Origin: Listing, Text: "the objects of a bucket"},
		{Name: "S3.ListObjectsV2Pages", Does: Calls, Arg: 2, Origin: Listing, Text: "the objects of a bucket"},
		{Name: "S3.ListObjectsV2PagesWithContext", Does: Calls, Arg: 3, Origin: Listing, Text: "the objects of a bucket"},
	}},
	{Path: "github.com/aws/aws-sdk-go-v2/service/dynamodb", Module: "github.com/aws/aws-sdk-go-v2/service/dynamodb", Version: "v1.53.5", Funcs: []Func{
		{Name: "Client.Scan", Does: Many, Origin: Rows, Text: "the items of a table"},
		{Name: "Client.Query", Does: Many, Origin: Rows, Text: "the items of a table"},
		{Name: "ScanPaginator.HasMorePages", Does: One, Origin: Rows, Text: "the items of a table"},
		{Name: "ScanPaginator.NextPage", Does: One, Origin: Rows, Text: "the items of a table"},
		{Name: "QueryPaginator.HasMorePages", Does: One, Origin: Rows, Text: "the items of a table"},
		{Name: "QueryPaginator.NextPage", Does: One, Origin: Rows, Text: "the items of a table"},
	}},
	{Path: "cloud.google.com/go/firestore", Module: "cloud.google.com/go/firestore", Version: "v1.20.0", Funcs: []Func{
		{Name: "DocumentIterator.Next", Does: One, Origin: Rows, Text: "the documents of a collection"},
		{Name: "DocumentIterator.GetAll", Does: Many, Origin: Rows, Text: "the documents of a collection"},
	}},
	{Path: "cloud.google.com/go/bigquery", Module: "cloud.google.com/go/bigquery", Version: "v1.72.0", Funcs: []Func{
		{Name: "RowIterator.Next", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "the rows of a query"},
	}},
	{Path: "cloud.google.com/go/datastore", Module: "cloud.google.com/go/datastore", Version: "v1.21.0", Funcs: []Func{
		{Name: "Client.GetAll", Does: Fills, Arg: 3, From: -1, Origin: Rows, Text: "the entities of a query"},
		{Name: "Iterator.Next", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "the entities of a query"},
	}},
	{Path: "github.com/olivere/elastic/v7", Module: "github.com/olivere/elastic/v7", Version: "v7.0.32", Funcs: []Func{
		{Name: "SearchResult.Each", Does: Many, Origin: Rows, Text: "the hits of a search"},
		{Name: "ScrollService.Do", Does: One, Origin: Rows, Text: "the pages of a search"},
	}},
	{Path: "github.com/go-git/go-git/v5/plumbing/object", Module: "github.com/go-git/go-git/v5", Version: "v5.16.4", Funcs: []Func{
		{Name: "CommitIter.ForEach", Does: Calls, Arg: 1, Origin: Rows, Text: "the commits of a repository"},
		{Name: "CommitIter.Next", Does: One, Origin: Rows, Text: "the commits of a repository"},
		{Name: "FileIter.ForEach", Does: Calls, Arg: 1, Origin: Rows, Text: "the files in a commit"},
		{Name: "FileIter.Next", Does: One, Origin: Rows, Text: "the files in a commit"},
		{Name: "TreeWalker.Next", Does: One, Origin: Rows, Text: "the entries of a tree"},
	}},
}

// mongo is what both versions of a driver have.
func mongo() []Func {
	return []Func{
		{Name: "Cursor.Next", Does: One, Origin: Rows, Text: "the documents of a query"},
		{Name: "Cursor.TryNext", Does: One, Origin: Rows, Text: "the documents of a query"},
		{Name: "Cursor.All", Does: Fills, Arg: 2, From: -1, Origin: Rows, Text: "the documents of a query"},
		{Name: "Cursor.Decode", Does: Fills, Arg: 1, From: -1, Origin: Rows, Text: "a document of a query"},
		{Name: "ChangeStream.Next", Does: One, Origin: Messages, Text: "the changes of a collection"},
	}
}
