package dev.tollgate.credential;

import dev.tollgate.Header;
import dev.tollgate.Secret;
import dev.tollgate.provider.Credential.AwsKeys;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Keys of the role that a container (ECS, EKS Pod Identity) or a machine (EC2, by IMDSv2) has, from the service beside it. */
final class AwsMetadata {
    private static final String CONTAINER = "AWS's container credentials";
    private static final String INSTANCE = "AWS's instance metadata";
    private static final URI ECS = URI.create("http://169.254.170.2");

    /** Where plain HTTP stays on the machine: loopback, and the addresses of ECS and EKS. */
    private static final Pattern AT_HOME =
            Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[::1]|169\\.254\\.170\\.(?:2|23)|\\[fd00:ec2::23]");

    private final Fetcher fetcher;
    private final Machine machine;

    AwsMetadata(Fetcher fetcher, Machine machine) {
        this.fetcher = fetcher;
        this.machine = machine;
    }

    CompletionStage<Lease<AwsKeys>> ask() {
        String relative = machine.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        String full = machine.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        if (relative != null) {
            return container(ECS.resolve(relative));
        }
        if (full != null) {
            return container(URI.create(full));
        }
        if ("true".equalsIgnoreCase(machine.variable("AWS_EC2_METADATA_DISABLED"))) {
            return CompletableFuture.failedFuture(new CredentialException(
                    "no keys of AWS were found: not in the environment, nor a web identity, a profile or a role"));
        }
        return instance();
    }

    private CompletionStage<Lease<AwsKeys>> container(URI uri) {
        String host = String.valueOf(uri.getHost());
        if (!"https".equals(uri.getScheme()) && !AT_HOME.matcher(host).matches()) {
            return CompletableFuture.failedFuture(
                    new CredentialException("AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor at home"));
        }
        return authorization()
                .thenCompose(token -> TokenAnswers.good(
                        fetcher,
                        token.isEmpty()
                                ? Fetcher.Request.get(uri)
                                : Fetcher.Request.get(uri, new Header("Authorization", token)),
                        CONTAINER))
                .thenApply(body -> keys(body, CONTAINER));
    }

    private CompletionStage<String> authorization() {
        String file = machine.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        @Nullable String token = machine.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        return file != null
                ? machine.read(file).thenApply(String::strip)
                : CompletableFuture.completedFuture(token == null ? "" : token);
    }

    private CompletionStage<Lease<AwsKeys>> instance() {
        String named = machine.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        String base = (named == null ? "http://169.254.169.254" : named).replaceAll("/+$", "");
        Fetcher.Request session = new Fetcher.Request(
                "PUT",
                URI.create(base + "/latest/api/token"),
                List.of(new Header("X-aws-ec2-metadata-token-ttl-seconds", "21600")),
                new byte[0]);
        return TokenAnswers.good(fetcher, session, INSTANCE).thenCompose(token -> role(base, text(token)));
    }

    private CompletionStage<Lease<AwsKeys>> role(String base, String token) {
        String roles = base + "/latest/meta-data/iam/security-credentials/";
        Header session = new Header("X-aws-ec2-metadata-token", token);
        return TokenAnswers.good(fetcher, Fetcher.Request.get(URI.create(roles), session), INSTANCE)
                .thenCompose(names -> {
                    String role = text(names).lines().findFirst().orElse("").strip();
                    URI uri = URI.create(roles + TokenAnswers.encoded(role));
                    return TokenAnswers.good(fetcher, Fetcher.Request.get(uri, session), INSTANCE);
                })
                .thenApply(body -> keys(body, INSTANCE));
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8).strip();
    }

    private static Lease<AwsKeys> keys(byte[] body, String who) {
        JsonNode answer = TokenAnswers.json(body, who);
        String id = answer.path("AccessKeyId").asString("");
        String secret = answer.path("SecretAccessKey").asString("");
        String token = answer.path("Token").asString("");
        if (id.isEmpty() || secret.isEmpty() || token.isEmpty()) {
            throw TokenAnswers.failed(who + " answered without keys");
        }
        try {
            Instant expires = Instant.parse(answer.path("Expiration").asString(""));
            return new Lease<>(new AwsKeys(id, new Secret(secret), new Secret(token)), expires);
        } catch (DateTimeException e) {
            throw TokenAnswers.failed(who + " answered with keys without an end");
        }
    }
}
