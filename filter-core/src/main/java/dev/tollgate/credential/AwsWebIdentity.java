package dev.tollgate.credential;

import dev.tollgate.Header;
import dev.tollgate.Secret;
import dev.tollgate.provider.Credential.AwsKeys;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keys of AWS for a token that somebody else gave out, as Kubernetes does, from AWS's Security Token Service. */
final class AwsWebIdentity {
    private static final String WHO = "AWS's Security Token Service";

    private final Fetcher fetcher;
    private final Machine machine;

    AwsWebIdentity(Fetcher fetcher, Machine machine) {
        this.fetcher = fetcher;
        this.machine = machine;
    }

    CompletionStage<Lease<AwsKeys>> ask(String tokenFile, String role, @Nullable String session, String region) {
        return machine.read(tokenFile)
                .thenCompose(token -> TokenAnswers.good(
                        fetcher, request(token.strip(), role, session == null ? "tollgate" : session, region), WHO))
                .thenApply(AwsWebIdentity::keys);
    }

    private Fetcher.Request request(String token, String role, String session, String region) {
        String named = machine.variable("AWS_ENDPOINT_URL_STS");
        URI uri = URI.create(named == null ? "https://sts." + region + ".amazonaws.com/" : named);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Action", "AssumeRoleWithWebIdentity");
        fields.put("Version", "2011-06-15");
        fields.put("RoleArn", role);
        fields.put("RoleSessionName", session);
        fields.put("WebIdentityToken", token);
        Fetcher.Request form = TokenAnswers.form(uri, fields);
        Header type = new Header("Content-Type", "application/x-www-form-urlencoded");
        return new Fetcher.Request("POST", uri, List.of(type, new Header("Accept", "application/xml")), form.body());
    }

    private static Lease<AwsKeys> keys(byte[] body) {
        String xml = new String(body, StandardCharsets.UTF_8);
        AwsKeys keys = new AwsKeys(
                element(xml, "AccessKeyId"),
                new Secret(element(xml, "SecretAccessKey")),
                new Secret(element(xml, "SessionToken")));
        try {
            return new Lease<>(keys, Instant.parse(element(xml, "Expiration")));
        } catch (DateTimeException e) {
            throw TokenAnswers.failed(WHO + " answered with keys without an end");
        }
    }

    /** The elements we need hold no markup, and their characters are those of Base64 and of dates. */
    private static String element(String xml, String name) {
        Matcher found = Pattern.compile("<" + name + ">\\s*([^<>&\\s]+)\\s*</" + name + ">")
                .matcher(xml);
        if (!found.find()) {
            throw TokenAnswers.failed(WHO + " answered without '" + name + "'");
        }
        return found.group(1);
    }
}
