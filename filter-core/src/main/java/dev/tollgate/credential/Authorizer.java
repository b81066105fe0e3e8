package dev.tollgate.credential;

import dev.tollgate.Header;
import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Credential.AwsKeys;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the headers that authenticate calls to providers. What it holds belongs to credentials and not to a configuration, so
 * that tokens survive a change of the file.
 */
public final class Authorizer implements AutoCloseable {
    private final Fetcher fetcher;
    private final Machine machine;
    private final InstantSource clock;
    private final AwsSigner signer;
    private final AwsChain awsChain;
    private final GoogleTokens googleTokens;
    private final EntraTokens entraTokens;
    private final Map<Credential, Renewed<Secret>> tokens = new ConcurrentHashMap<>();
    private final Map<Credential, Renewed<AwsKeys>> keys = new ConcurrentHashMap<>();

    /**
     * @param fetcher asks token services; closed with this
     * @param machine what the machine says about who we are; closed with this
     */
    public Authorizer(Fetcher fetcher, Machine machine, InstantSource clock) {
        this.fetcher = fetcher;
        this.machine = machine;
        this.clock = clock;
        this.signer = new AwsSigner(clock);
        this.awsChain = new AwsChain(fetcher, clock, machine);
        this.googleTokens = new GoogleTokens(fetcher, clock, machine);
        this.entraTokens = new EntraTokens(fetcher, clock);
    }

    /** The headers that authenticate a request; fails with a {@link CredentialException}. */
    public CompletionStage<List<Header>> authorize(Credential credential, ToSign request) {
        if (credential instanceof Credential.Fixed fixed) {
            return CompletableFuture.completedFuture(fixed.headers());
        }
        if (credential instanceof Credential.Aws aws) {
            return keysOf(aws).thenApply(found -> signer.sign(request, aws, found));
        }
        return token(credential).thenApply(token -> List.of(new Header("Authorization", "Bearer " + token.reveal())));
    }

    private CompletionStage<AwsKeys> keysOf(Credential.Aws aws) {
        AwsKeys said = aws.keys();
        return said != null
                ? CompletableFuture.completedFuture(said)
                : keys.computeIfAbsent(aws, key -> new Renewed<>(() -> awsChain.ask(aws), clock))
                        .get();
    }

    private CompletionStage<Secret> token(Credential credential) {
        return tokens.computeIfAbsent(credential, key -> new Renewed<>(() -> ask(credential), clock))
                .get();
    }

    private CompletionStage<Lease<Secret>> ask(Credential credential) {
        if (credential instanceof Credential.Google google) {
            return googleTokens.ask(google);
        }
        if (credential instanceof Credential.Entra entra) {
            return entraTokens.ask(entra);
        }
        throw new AssertionError(credential);
    }

    /** A provider does not accept what a credential gave: the next call asks for something new. */
    public void refused(Credential credential) {
        Renewed<?> held = tokens.get(credential);
        if (held == null) {
            held = keys.get(credential);
        }
        if (held != null) {
            held.drop();
        }
    }

    /** Forgets what belongs to credentials that are no longer configured. */
    public void keep(Collection<Credential> configured) {
        tokens.keySet().retainAll(configured);
        keys.keySet().retainAll(configured);
    }

    @Override
    public void close() {
        machine.close();
        fetcher.close();
    }
}
