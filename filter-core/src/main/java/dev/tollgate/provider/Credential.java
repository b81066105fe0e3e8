package dev.tollgate.provider;

import dev.tollgate.Header;
import dev.tollgate.Secret;
import java.util.List;

/** How a call to a provider is authenticated. */
public sealed interface Credential {

    /** The headers that authenticate a call. */
    List<Header> headers();

    /** No authentication. */
    record None() implements Credential {
        @Override
        public List<Header> headers() {
            return List.of();
        }
    }

    /** {@code Authorization: Bearer} (RFC 6750). */
    record Bearer(Secret token) implements Credential {
        @Override
        public List<Header> headers() {
            return List.of(new Header("Authorization", "Bearer " + token.reveal()));
        }
    }

    /** A key in a header of the provider's own: {@code x-api-key}, {@code api-key}, {@code x-goog-api-key}. */
    record KeyHeader(String header, Secret key) implements Credential {
        @Override
        public List<Header> headers() {
            return List.of(new Header(header, key.reveal()));
        }
    }
}
