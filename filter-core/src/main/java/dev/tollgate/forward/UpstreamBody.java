package dev.tollgate.forward;

/** What a request to a provider carries. */
public sealed interface UpstreamBody permits UpstreamBody.None, UpstreamBody.Whole, BodyPipe {

    /** How many bytes it has, or -1 when that is not known before its end. */
    long length();

    /** No body at all. */
    record None() implements UpstreamBody {
        @Override
        public long length() {
            return 0;
        }
    }

    /** A body that is there, and could be sent again. */
    record Whole(byte[] bytes) implements UpstreamBody {
        @Override
        public long length() {
            return bytes.length;
        }
    }
}
