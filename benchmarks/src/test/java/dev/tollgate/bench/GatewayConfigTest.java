package dev.tollgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.ConfigLoader;
import dev.tollgate.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayConfigTest {
    @Test
    void theGatewayUnderstandsItsConfiguration() throws Exception {
        assertThat(GatewayConfig.settings(80).models()).containsKeys("gpt-bench", "claude-bench");
    }

    @Test
    void itUnderstandsThatOfTwoNodesToo(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("tollgate.yaml");
        Files.writeString(file, GatewayConfig.withAllLimits(80) + GatewayConfig.cluster(List.of(5701, 5702), 1));

        Settings settings = ConfigLoader.load(file, GatewayConfig.ENVIRONMENT);
        assertThat(settings.cluster().size()).isEqualTo(2);
        assertThat(settings.limits()).hasSize(2).anyMatch(limit -> limit.spend().isPresent());
    }
}
