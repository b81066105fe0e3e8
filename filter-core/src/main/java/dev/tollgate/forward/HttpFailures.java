package dev.tollgate.forward;

import dev.tollgate.forward.UpstreamFailure.Kind;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.apache.hc.core5.util.DeadlineTimeoutException;

/** Reads what went wrong from the HTTP client's exceptions. */
final class HttpFailures {
    private HttpFailures() {}

    /** @param sending whether a connection was there and writing to it had begun */
    static Kind kindOf(Exception cause, boolean sending) {
        if (cause instanceof CancellationException) {
            return sending ? Kind.ABORTED : Kind.CLOSED;
        }
        if (cause instanceof ConnectionRequestTimeoutException || cause instanceof DeadlineTimeoutException) {
            return Kind.POOL_EXHAUSTED;
        }
        if (cause instanceof H2StreamResetException reset && reset.getCode() == H2Error.REFUSED_STREAM.getCode()) {
            return Kind.POOL_EXHAUSTED; // it has not looked at it: it has as many calls as it takes
        }
        if (!sending && isOutOfDescriptors(cause)) {
            return Kind.POOL_EXHAUSTED; // the provider has nothing to do with it
        }
        if (!sending && isOfTls(cause)) {
            return Kind.TLS;
        }
        if (!sending || cause instanceof RequestNotExecutedException) {
            return Kind.CONNECT;
        }
        if (cause instanceof TruncatedChunkException) {
            return Kind.BROKEN;
        }
        boolean rulesBroken = cause instanceof HttpException
                || cause instanceof MessageConstraintException
                || cause instanceof MalformedChunkCodingException
                || !(cause instanceof IOException);
        return rulesBroken ? Kind.PROTOCOL : Kind.BROKEN;
    }

    /** Whether this process has as many files and sockets open as it may; the JDK says that in words only. */
    private static boolean isOutOfDescriptors(Exception cause) {
        return cause instanceof IOException
                && String.valueOf(cause.getMessage()).contains("Too many open files");
    }

    private static boolean isOfTls(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    /** For the operator's log. What the client says of broken rules is left out, since it quotes the answer. */
    static String detail(Exception cause) {
        String name = cause.getClass().getSimpleName();
        boolean quotes = cause instanceof HttpException || !(cause instanceof IOException);
        return quotes ? name : name + ": " + cause.getMessage() + root(cause);
    }

    /** What is at the bottom of it: of a certificate that is not taken, only that says why. */
    private static String root(Exception cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String text = String.valueOf(root.getMessage());
        return String.valueOf(cause.getMessage()).contains(text) ? "" : " (" + text + ")";
    }
}
