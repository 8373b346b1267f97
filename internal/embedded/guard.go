package embedded

import (
	"encoding/binary"
	"errors"
	"net"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxRequest is Apache Kafka's socket.request.max.bytes.
const maxRequest = 100 << 20

var errNotKafka = errors.New("not a Kafka request")

// guardListener keeps strangers out of the broker: kfake allocates whatever
// length a connection announces and panics on a request key it does not know,
// so that one HTTP request or port scan would end the whole process.
type guardListener struct {
	net.Listener
	told net.Addr // what clients are told
}

// Addr is where the broker sends its clients.
func (l guardListener) Addr() net.Addr { return l.told }

func (l guardListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &guardConn{Conn: conn}, nil
}

// guardConn checks the head of each request (length, key) before the reader
// sees its last byte. It is read by one goroutine at a time.
type guardConn struct {
	net.Conn
	head [6]byte // int32 length, int16 key
	got  int     // bytes of head read so far
	body int64   // bytes of the request still to come
}

func (c *guardConn) Read(p []byte) (int, error) {
	if c.got == len(c.head) {
		if c.body > 0 {
			return c.readBody(p)
		}
		c.got = 0
	}
	// The reader takes 4 bytes of length, then the rest: hold the length back
	// until it is known to be sane, and never hand out more than the head.
	n, err := c.Conn.Read(p[:min(len(p), c.want())])
	copy(c.head[c.got:], p[:n])
	c.got += n
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return 0, err
	}
	return n, nil
}

// want is how many bytes are missing to the next check.
func (c *guardConn) want() int {
	if c.got < 4 {
		return 4 - c.got
	}
	return len(c.head) - c.got
}

func (c *guardConn) check() error {
	if c.got >= 4 {
		size := binary.BigEndian.Uint32(c.head[:])
		if size < 8 || size > maxRequest { // key, version, correlation id
			return errNotKafka
		}
		c.body = int64(size) - 2
	}
	if c.got == len(c.head) {
		key := int16(binary.BigEndian.Uint16(c.head[4:]))
		if kmsg.RequestForKey(key) == nil {
			return errNotKafka
		}
	}
	return nil
}

func (c *guardConn) readBody(p []byte) (int, error) {
	if int64(len(p)) > c.body {
		p = p[:c.body]
	}
	n, err := c.Conn.Read(p)
	c.body -= int64(n)
	return n, err
}
