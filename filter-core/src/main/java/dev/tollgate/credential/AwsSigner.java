package dev.tollgate.credential;

import dev.tollgate.Header;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Credential.AwsKeys;
import java.io.ByteArrayInputStream;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Signs requests with Signature Version 4, by AWS's own library. */
final class AwsSigner {
    /** What proxies leave alone on the way; the rest is not signed. */
    private static final Set<String> SIGNED = Set.of("content-type");

    private static final Set<String> ADDED =
            Set.of("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256");

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final InstantSource clock;

    AwsSigner(InstantSource clock) {
        this.clock = clock;
    }

    /** The headers that sign a request. */
    List<Header> sign(ToSign request, Credential.Aws credential, AwsKeys keys) {
        ContentStreamProvider body = () -> new ByteArrayInputStream(request.body());
        SignedRequest signed = signer.sign(work -> {
            work.identity(identity(keys))
                    .request(unsigned(request))
                    .payload(body)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, credential.service())
                    .putProperty(AwsV4HttpSigner.REGION_NAME, credential.region())
                    .putProperty(HttpSigner.SIGNING_CLOCK, java.time.Clock.fixed(clock.instant(), ZoneOffset.UTC));
        });
        List<Header> added = new ArrayList<>();
        signed.request().forEachHeader((name, values) -> {
            if (ADDED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> added.add(new Header(name, value)));
            }
        });
        return added;
    }

    private static SdkHttpRequest unsigned(ToSign request) {
        SdkHttpFullRequest.Builder unsigned = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method()))
                .uri(request.uri());
        request.headers().stream()
                .filter(header -> SIGNED.contains(header.name().toLowerCase(Locale.ROOT)))
                .forEach(header -> unsigned.appendHeader(header.name(), header.value()));
        return unsigned.build();
    }

    private static AwsCredentialsIdentity identity(AwsKeys keys) {
        String secret = keys.secretAccessKey().reveal();
        return keys.sessionToken() == null
                ? AwsCredentialsIdentity.create(keys.accessKeyId(), secret)
                : AwsSessionCredentialsIdentity.create(
                        keys.accessKeyId(), secret, keys.sessionToken().reveal());
    }
}
