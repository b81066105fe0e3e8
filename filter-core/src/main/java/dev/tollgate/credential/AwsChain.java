package dev.tollgate.credential;

import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Credential.AwsKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The keys of AWS that the machine has, from the first place that has any, in the order of AWS's SDK for Java: the environment,
 * a web identity, the profile, the container's role, the machine's role. A profile that the operator names is the only place.
 */
final class AwsChain {
    /** Files may have changed by then. */
    private static final Duration FILES = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Machine machine;
    private final AwsWebIdentity webIdentity;
    private final AwsMetadata metadata;

    AwsChain(Fetcher fetcher, InstantSource clock, Machine machine) {
        this.clock = clock;
        this.machine = machine;
        this.webIdentity = new AwsWebIdentity(fetcher, machine);
        this.metadata = new AwsMetadata(fetcher, machine);
    }

    CompletionStage<Lease<AwsKeys>> ask(Credential.Aws credential) {
        String named = credential.profile();
        if (named != null) {
            return profile(named, credential.region());
        }
        AwsKeys environment = environment();
        if (environment != null) {
            return CompletableFuture.completedFuture(new Lease<>(environment, Instant.MAX));
        }
        String tokenFile = machine.variable("AWS_WEB_IDENTITY_TOKEN_FILE");
        String role = machine.variable("AWS_ROLE_ARN");
        if (tokenFile != null && role != null) {
            String session = machine.variable("AWS_ROLE_SESSION_NAME");
            return webIdentity.ask(tokenFile, role, session, credential.region());
        }
        String chosen = machine.variable("AWS_PROFILE");
        return profiles()
                .thenCompose(profiles -> profiles.has(chosen == null ? "default" : chosen)
                        ? keysOf(profiles, chosen == null ? "default" : chosen, credential.region())
                        : metadata.ask());
    }

    private @Nullable AwsKeys environment() {
        String id = machine.variable("AWS_ACCESS_KEY_ID");
        String secret = machine.variable("AWS_SECRET_ACCESS_KEY");
        String session = machine.variable("AWS_SESSION_TOKEN");
        return id == null || secret == null
                ? null
                : new AwsKeys(id, new Secret(secret), session == null ? null : new Secret(session));
    }

    private CompletionStage<Lease<AwsKeys>> profile(String name, String region) {
        return profiles().thenCompose(profiles -> keysOf(profiles, name, region));
    }

    private CompletionStage<AwsProfiles> profiles() {
        Path folder = machine.home().resolve(".aws");
        String credentials = machine.variable("AWS_SHARED_CREDENTIALS_FILE");
        String config = machine.variable("AWS_CONFIG_FILE");
        return machine.readIfThere(credentials == null ? folder.resolve("credentials") : Path.of(credentials))
                .thenCombine(
                        machine.readIfThere(config == null ? folder.resolve("config") : Path.of(config)),
                        AwsProfiles::of);
    }

    private CompletionStage<Lease<AwsKeys>> keysOf(AwsProfiles profiles, String name, String region) {
        Map<String, String> profile = profiles.find(name);
        String id = profile.get("aws_access_key_id");
        String secret = profile.get("aws_secret_access_key");
        if (id != null && secret != null) {
            String session = profile.get("aws_session_token");
            AwsKeys keys = new AwsKeys(id, new Secret(secret), session == null ? null : new Secret(session));
            return CompletableFuture.completedFuture(
                    new Lease<>(keys, clock.instant().plus(FILES)));
        }
        String tokenFile = profile.get("web_identity_token_file");
        String role = profile.get("role_arn");
        if (tokenFile != null && role != null) {
            return webIdentity.ask(tokenFile, role, profile.get("role_session_name"), region);
        }
        return CompletableFuture.failedFuture(
                new CredentialException("the AWS profile '" + name + "' has neither keys nor a web identity"));
    }
}
