package dev.tollgate.forward;

import dev.tollgate.Header;
import java.nio.ByteBuffer;
import java.util.List;

/** Hears of the answer to one {@link UpstreamRequest}: a head, data, then an end or a failure, whichever comes first. */
public interface UpstreamListener {
    void head(int status, List<Header> headers);

    /** Some bytes of the body; the buffer is the client's and must be read or copied before this returns. */
    void data(ByteBuffer bytes);

    /** The body is whole as far as HTTP framing can tell. */
    void end();

    void failed(UpstreamFailure failure);
}
