package dev.tollgate.forward;

import dev.tollgate.Header;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.credential.CredentialException;
import dev.tollgate.credential.ToSign;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.stream.Lane;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Completes requests with what says who sends them. A key is in the request already; tokens and signatures may have to be waited for. */
final class Authorization {
    private static final byte[] NOTHING = new byte[0];

    private final Authorizer authorizer;

    Authorization(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /**
     * Completes a request: at once where nothing must be waited for.
     *
     * @param lane where either of the two that follow happens; this is called in it
     * @param complete takes the request as it may be sent
     * @param failed hears why it may not
     */
    void complete(
            UpstreamRequest request,
            Lane lane,
            Consumer<UpstreamRequest> complete,
            Consumer<CredentialException> failed) {
        Credential credential = request.provider().credential();
        if (credential instanceof Credential.Fixed) {
            complete.accept(request);
            return;
        }
        byte[] body = request.body() instanceof UpstreamBody.Whole whole ? whole.bytes() : NOTHING;
        authorizer
                .authorize(credential, new ToSign(request.method(), request.uri(), request.headers(), body))
                .thenApply(added -> with(request, added))
                .whenComplete((authorized, failure) -> lane.run(() -> {
                    if (failure == null) {
                        complete.accept(authorized);
                    } else {
                        failed.accept(CredentialException.of(failure));
                    }
                }));
    }

    /** A provider has answered with an error, maybe because it does not accept its credential. */
    void answered(Provider provider, int status) {
        if (status == 401 || status == 403) {
            authorizer.refused(provider.credential());
        }
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
