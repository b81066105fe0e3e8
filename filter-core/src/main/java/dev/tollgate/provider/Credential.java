package dev.tollgate.provider;

import dev.tollgate.Header;
import dev.tollgate.Secret;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a call to a provider is authenticated, as the configuration says it; equal where it says the same. */
public sealed interface Credential {

    /** A credential that is the same headers for every call. */
    sealed interface Fixed extends Credential {

        /** The headers that authenticate a call. */
        List<Header> headers();
    }

    /** No authentication. */
    record None() implements Fixed {
        @Override
        public List<Header> headers() {
            return List.of();
        }
    }

    /** {@code Authorization: Bearer} (RFC 6750). */
    record Bearer(Secret token) implements Fixed {
        @Override
        public List<Header> headers() {
            return List.of(new Header("Authorization", "Bearer " + token.reveal()));
        }
    }

    /** A key in a header of the provider's own: {@code x-api-key}, {@code api-key}, {@code x-goog-api-key}. */
    record KeyHeader(String header, Secret key) implements Fixed {
        @Override
        public List<Header> headers() {
            return List.of(new Header(header, key.reveal()));
        }
    }

    /**
     * A signature with keys of AWS (Signature Version 4).
     *
     * @param service the service's name in the signature
     * @param region the region in the signature
     * @param keys the keys to sign with, or null for those that the machine has
     * @param profile the profile of AWS's configuration files that has the keys, or null for the default
     */
    record Aws(
            String service,
            String region,
            @Nullable AwsKeys keys,
            @Nullable String profile) implements Credential {}

    /** Keys of AWS; {@code sessionToken} comes with those that are temporary. */
    record AwsKeys(
            String accessKeyId,
            Secret secretAccessKey,
            @Nullable Secret sessionToken) {}

    /**
     * A token of Google's.
     *
     * @param account the service account that asks for it, or null for the one that the machine has
     */
    record Google(@Nullable ServiceAccount account, String scope) implements Credential {}

    /**
     * The key of a service account of Google's.
     *
     * @param keyId the key's id, or null where the file has none
     * @param privateKey the key itself, in PEM
     * @param tokenUri where tokens are asked for
     */
    record ServiceAccount(String email, @Nullable String keyId, Secret privateKey, URI tokenUri) {}

    /**
     * A token of Microsoft Entra ID's for an application.
     *
     * @param authority the login service
     */
    record Entra(URI authority, String tenant, String clientId, Secret clientSecret, String scope)
            implements Credential {}
}
