package dev.tollgate.access;

import dev.tollgate.ErrorCode;
import dev.tollgate.Exchange;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows callers by their key. What a caller shows is checked for its form, hashed, and looked up by its digest; the text
 * itself is kept nowhere and appears in no message.
 */
public final class KeyAuthenticator implements Authenticator {
    private static final Caller ANYONE = new Caller(null, null, null, List.of("*"));

    private final Map<String, Settings.Key> byDigest = new HashMap<>();
    private final boolean open;
    private final InstantSource clock;

    /** An authenticator for the keys of a configuration. */
    public KeyAuthenticator(Settings settings, InstantSource clock) {
        settings.keys().forEach(key -> byDigest.put(key.sha256(), key));
        this.open = settings.access().open();
        this.clock = clock;
    }

    @Override
    public Caller identify(Exchange exchange) {
        Set<String> shown = ShownKeys.of(exchange);
        if (shown.size() > 1) {
            throw new Refusal(
                    ErrorCode.CALLER_BAD_REQUEST,
                    "the request shows two different credentials; send one key, in one place");
        }
        return shown.isEmpty() ? withoutKey(exchange) : withKey(shown.iterator().next());
    }

    @Override
    public Caller named(String name) {
        return byDigest.values().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .map(this::callerOf)
                .orElseGet(() -> Authenticator.super.named(name));
    }

    private Caller withoutKey(Exchange exchange) {
        if (open) {
            return ANYONE;
        }
        if (ShownKeys.isSigned(exchange)) {
            throw new Refusal(
                    ErrorCode.CALLER_INVALID_KEY,
                    "the request is signed with AWS keys, which this gateway cannot check; set AWS_BEARER_TOKEN_BEDROCK to "
                            + "your Tollgate key, or give the client a bearer token provider, so that it sends "
                            + "'Authorization: Bearer <key>'");
        }
        throw new Refusal(
                ErrorCode.CALLER_NO_KEY,
                "no API key; send your Tollgate key as 'Authorization: Bearer <key>', or in x-api-key, api-key or "
                        + "x-goog-api-key");
    }

    private Caller withKey(String text) {
        Optional<KeyText> key = KeyText.of(text);
        if (key.isEmpty() && open) {
            // SDKs insist on a key, so callers of an open gateway put a word of their own there.
            return ANYONE;
        }
        return key.flatMap(this::find).map(this::callerOf).orElseThrow(KeyAuthenticator::unknown);
    }

    private Optional<Settings.Key> find(KeyText text) {
        String digest = text.sha256();
        return Optional.ofNullable(byDigest.get(digest)).filter(key -> same(key.sha256(), digest));
    }

    private Caller callerOf(Settings.Key key) {
        Optional<Instant> expires = key.expires();
        if (expires.isPresent() && !clock.instant().isBefore(expires.get())) {
            throw new Refusal(
                    ErrorCode.CALLER_INVALID_KEY,
                    "the API key '" + key.name() + "' expired at " + expires.get()
                            + "; ask the operator of this gateway for a new one");
        }
        return new Caller(key.name(), key.team(), key.user(), key.models(), key.priority(), key.targetTags());
    }

    private static boolean same(String digest, String other) {
        return MessageDigest.isEqual(
                digest.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    private static Refusal unknown() {
        return new Refusal(
                ErrorCode.CALLER_INVALID_KEY,
                "the API key is not known to this gateway; check that it is a Tollgate key, whole and not revoked (a "
                        + "provider's own key is not accepted here)");
    }
}
