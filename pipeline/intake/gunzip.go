package intake

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// Text of people packs to a tenth, logs of one line to a hundredth; deflate
// cannot go below a thousandth. What unpacks to more than bombRatio times its
// size, and is big, was made to fill a disk.
const (
	bombRatio = 500
	bombBytes = 256 << 20 // unpacked; less than that does no harm
)

// Errors of a compressed file. What was read before them is good.
var (
	errCutGzip     = errors.New("the gzip is cut off; copy the file again. The rows before the cut were read")
	errDamagedGzip = errors.New("the gzip is damaged; copy the file again. The rows before the damage were read")
	errBehindGzip  = errors.New("behind the gzip the file goes on with something else, which is not read")
	errBomb        = fmt.Errorf("unpacks to more than %d times its size, as a zip bomb does; unpack it yourself if it is what it should be. The rest is not read", bombRatio)
)

// gunzip unpacks one or more gzip members within bounds.
type gunzip struct {
	z        *gzip.Reader
	packed   *atomic.Int64 // bytes read so far
	unpacked int64
	limit    int64 // of unpacked bytes, above which the ratio counts
}

func newGunzip(r io.Reader, packed *atomic.Int64, limit int64) (*gunzip, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, gzipError(err, errDamagedGzip)
	}
	return &gunzip{z: z, packed: packed, limit: limit}, nil
}

func (g *gunzip) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	g.unpacked += int64(n)
	if g.unpacked > g.limit && g.unpacked/bombRatio > g.packed.Load() {
		return 0, errBomb
	}
	return n, gzipError(err, errBehindGzip)
}

// gzipError says what is wrong with the file. A header that is none is noHeader.
func gzipError(err, noHeader error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errCutGzip
	case errors.Is(err, gzip.ErrHeader):
		return noHeader
	case errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return errDamagedGzip
	}
	return err
}
