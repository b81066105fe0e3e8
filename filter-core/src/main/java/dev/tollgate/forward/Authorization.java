package dev.tollgate.forward;

import dev.tollgate.Header;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.credential.ToSign;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Completes requests with what says who sends them. A key is in the request already; tokens and signatures may have to be waited for. */
final class Authorization {
    private static final byte[] NOTHING = new byte[0];

    private final Authorizer authorizer;

    Authorization(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /** The request as it may be sent; fails with a {@link dev.tollgate.credential.CredentialException}. */
    CompletionStage<UpstreamRequest> complete(UpstreamRequest request) {
        Credential credential = request.provider().credential();
        if (credential instanceof Credential.Fixed) {
            return CompletableFuture.completedFuture(request);
        }
        byte[] body = request.body() instanceof UpstreamBody.Whole whole ? whole.bytes() : NOTHING;
        return authorizer
                .authorize(credential, new ToSign(request.method(), request.uri(), request.headers(), body))
                .thenApply(added -> with(request, added));
    }

    /** A provider's answer says that it does not accept its credential. */
    void refused(Provider provider) {
        authorizer.refused(provider.credential());
    }

    private static UpstreamRequest with(UpstreamRequest request, List<Header> added) {
        Map<String, Header> headers = new LinkedHashMap<>();
        request.headers().forEach(header -> put(headers, header));
        added.forEach(header -> put(headers, header));
        return new UpstreamRequest(
                request.provider(),
                request.method(),
                request.uri(),
                List.copyOf(headers.values()),
                request.body(),
                request.connectTimeout());
    }

    private static void put(Map<String, Header> headers, Header header) {
        headers.put(header.name().toLowerCase(Locale.ROOT), header);
    }
}
