package dev.tollgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatewayConfigTest {
    @Test
    void theGatewayUnderstandsItsConfiguration() throws Exception {
        assertThat(GatewayConfig.settings(80).models()).containsKeys("gpt-bench", "claude-bench");
    }
}
