package dev.tollgate.credential;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Header;
import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Credential.AwsKeys;
import java.net.URI;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A second implementation, step by step as the specification has it, gives the signatures of the vectors that AWS publishes; and
 * what we sign is what it gives. The two differ in one header only: AWS's library signs the body's digest as a header too.
 */
class AwsSignerTest {
    private static final String SUITE_TIME = "20150830T123600Z";
    private static final String SUITE_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "get-vanilla, GET, /, , , 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "post-vanilla, POST, /, , , 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        "get-vanilla-query-order-key-case, GET, /?Param2=value2&Param1=value1, , ,"
                + " b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        "post-x-www-form-urlencoded, POST, /, application/x-www-form-urlencoded, Param1=value1,"
                + " ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
    })
    void theSuitesRequestsAreSignedAsPublished(
            String name, String method, String target, String type, String body, String signature)
            throws GeneralSecurityException {
        URI uri = URI.create("https://example.amazonaws.com" + target);
        byte[] bytes = (body == null ? "" : body).getBytes(UTF_8);
        Map<String, String> headers = new TreeMap<>(Map.of("host", uri.getHost(), "x-amz-date", SUITE_TIME));
        if (type != null) {
            headers.put("content-type", type);
        }
        AwsKeys keys = new AwsKeys("AKIDEXAMPLE", new Secret(SUITE_SECRET), null);
        Credential.Aws suite = new Credential.Aws("service", "us-east-1", keys, null);

        assertThat(specified(method, uri, headers, bytes, suite))
                .endsWith(String.join(";", headers.keySet()) + ", Signature=" + signature);

        List<Header> sent = type == null ? List.of() : List.of(new Header("Content-Type", type));
        check(new ToSign(method, uri, sent, bytes), suite, Instant.parse("2015-08-30T12:36:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke-with-response-stream",
                "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fabc/converse"
            })
    void aWholeCallToBedrockIsSignedAsTheSpecificationSays(String path) throws GeneralSecurityException {
        AwsKeys keys = new AwsKeys("ASIAEXAMPLE", new Secret("secret/+"), new Secret("session//token=="));
        Credential.Aws bedrock = new Credential.Aws("bedrock", "eu-west-1", keys, null);
        URI uri = URI.create("https://bedrock-runtime.eu-west-1.amazonaws.com" + path);
        List<Header> headers = List.of(
                new Header("Content-Type", "application/json"),
                new Header("Accept", "application/json"),
                new Header("User-Agent", "tollgate/9.9"));
        byte[] body = "{\"messages\":[{\"role\":\"user\",\"content\":\"grüße\"}]}".getBytes(UTF_8);

        Map<String, String> sent =
                check(new ToSign("POST", uri, headers, body), bedrock, Instant.parse("2026-11-24T12:00:01Z"));

        assertThat(sent)
                .containsEntry("x-amz-security-token", "session//token==")
                .containsEntry("x-amz-date", "20261124T120001Z");
    }

    private static Map<String, String> check(ToSign request, Credential.Aws credential, Instant now)
            throws GeneralSecurityException {
        AwsKeys keys = Objects.requireNonNull(credential.keys());
        List<Header> added = new AwsSigner(InstantSource.fixed(now)).sign(request, credential, keys);

        Map<String, String> sent = new TreeMap<>(Map.of("host", request.uri().getHost()));
        request.headers().stream()
                .filter(header -> header.name().equals("Content-Type"))
                .forEach(header -> sent.put("content-type", header.value()));
        added.forEach(header -> sent.put(header.name().toLowerCase(Locale.ROOT), header.value()));
        String authorization = sent.remove("authorization");
        assertThat(authorization)
                .isEqualTo(specified(request.method(), request.uri(), sent, request.body(), credential));
        return sent;
    }

    private static String specified(
            String method, URI uri, Map<String, String> headers, byte[] body, Credential.Aws credential)
            throws GeneralSecurityException {
        AwsKeys keys = Objects.requireNonNull(credential.keys());
        String names = String.join(";", headers.keySet());
        String path = Arrays.stream(uri.getRawPath().split("/", -1))
                .map(segment -> URLEncoder.encode(segment, UTF_8))
                .collect(Collectors.joining("/"));
        String query = uri.getRawQuery() == null
                ? ""
                : Arrays.stream(uri.getRawQuery().split("&")).sorted().collect(Collectors.joining("&"));
        String canonical = method + "\n" + path + "\n" + query + "\n"
                + headers.entrySet().stream()
                        .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                        .collect(Collectors.joining())
                + "\n" + names + "\n" + sha256(body);
        String time = Objects.requireNonNull(headers.get("x-amz-date"));
        String scope =
                String.join("/", time.substring(0, 8), credential.region(), credential.service(), "aws4_request");
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical.getBytes(UTF_8));
        byte[] key = ("AWS4" + keys.secretAccessKey().reveal()).getBytes(UTF_8);
        for (String step : scope.split("/")) {
            key = hmac(key, step);
        }
        return "AWS4-HMAC-SHA256 Credential=" + keys.accessKeyId() + "/" + scope + ", SignedHeaders=" + names
                + ", Signature=" + HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
