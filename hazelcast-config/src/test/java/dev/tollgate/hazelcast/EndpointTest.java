package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tollgate.config.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.5, 10.0.0.5:5701",
        "node-1:5800, node-1:5800",
        "[fd00::7], [fd00::7]:5701",
        "[fd00::7]:5800, [fd00::7]:5800",
        "fd00::7, [fd00::7]:5701"
    })
    void addressesAreReadInEveryForm(String text, String endpoint) {
        assertThat(Endpoint.parse(text)).hasToString(endpoint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.1.1", "::1", "fd00::7", "fe80::1"
            })
    void loopbackAndPrivateAddressesAreInternal(String host) {
        assertThat(new Endpoint(host, 1).isInternal()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "8.8.8.8", "172.32.0.1", "2001:db8::1", "::"})
    void allOthersAreNot(String host) {
        assertThat(new Endpoint(host, 1).isInternal()).isFalse();
    }

    @Test
    void theAddressToBindTakesItsPortFromTheMemberList() {
        assertThat(bind("10.0.0.6", "10.0.0.5", "10.0.0.6:5800")).hasToString("10.0.0.6:5800");
        assertThat(bind("10.0.0.6:5900", "10.0.0.5", "10.0.0.6:5800")).hasToString("10.0.0.6:5900");
        assertThat(bind("10.0.0.9", "10.0.0.5")).hasToString("10.0.0.9:5701");
    }

    @Test
    void withoutOneTheOnlyMemberOnThisMachineIsTaken() {
        assertThat(bind(null, "127.0.0.1:5800", "203.0.113.1")).hasToString("127.0.0.1:5800");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bind(null, "127.0.0.1:5800", "127.0.0.1:5801"))
                .withMessageContaining("more than one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bind(null, "203.0.113.1"))
                .withMessageContaining("none of the members");
    }

    private static Endpoint bind(String bind, String... members) {
        return Binding.of(new Settings.Cluster(List.of(members), bind, "tollgate"));
    }
}
