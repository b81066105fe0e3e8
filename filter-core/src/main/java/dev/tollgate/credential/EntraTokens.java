package dev.tollgate.credential;

import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Access tokens of Microsoft Entra ID's, for an application with a secret (OAuth 2.0 client credentials). */
final class EntraTokens {
    private static final String WHO = "Microsoft Entra ID";

    private final Fetcher fetcher;
    private final InstantSource clock;

    EntraTokens(Fetcher fetcher, InstantSource clock) {
        this.fetcher = fetcher;
        this.clock = clock;
    }

    CompletionStage<Lease<Secret>> ask(Credential.Entra credential) {
        URI uri = URI.create(credential.authority() + "/" + credential.tenant() + "/oauth2/v2.0/token");
        Map<String, String> fields = Map.of(
                "grant_type", "client_credentials",
                "client_id", credential.clientId(),
                "client_secret", credential.clientSecret().reveal(),
                "scope", credential.scope());
        return TokenAnswers.good(fetcher, TokenAnswers.form(uri, fields), WHO)
                .thenApply(body -> TokenAnswers.token(body, clock, WHO));
    }
}
