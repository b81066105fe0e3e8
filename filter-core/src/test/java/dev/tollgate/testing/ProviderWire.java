package dev.tollgate.testing;

import java.io.IOException;

/** The wire format of a {@link FakeProvider}. It is as strict with requests as the real provider. */
interface ProviderWire {

    /**
     * Reads a request.
     *
     * @throws Unacceptable when the real provider would refuse it
     */
    Saying.Asked read(Received request);

    /** The body of a whole answer. */
    String whole(String model, Saying saying);

    /** Streams an answer, the end of its events included, in chunks; does not end the chunked body. */
    void stream(Peer peer, Saying.Asked asked, Saying saying) throws IOException;

    /** Begins to stream an answer: enough for a caller to see content. */
    void beginning(Peer peer, String model) throws IOException;

    /** Sends an error in the middle of a stream. */
    void streamError(Peer peer, String message) throws IOException;

    /** The body of an error answer. */
    String error(int status, String message);

    /** The provider's answer to a request that it does not accept. */
    final class Unacceptable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Unacceptable(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    static void check(boolean acceptable, String otherwise) {
        if (!acceptable) {
            throw new Unacceptable(400, otherwise);
        }
    }
}
