package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SseFramesTest {
    private static String encoded(Frame frame) {
        return StandardCharsets.UTF_8.decode(SseFrames.encode(frame)).toString();
    }

    @Test
    void aFrameIsItsNameItsDataAndABlankLine() {
        assertThat(encoded(new Frame("ping", "{}"))).isEqualTo("event: ping\ndata: {}\n\n");
        assertThat(encoded(new Frame(null, "[DONE]"))).isEqualTo("data: [DONE]\n\n");
        assertThat(encoded(new Frame(null, "a\nb"))).isEqualTo("data: a\ndata: b\n\n");
        assertThat(encoded(Frame.COMMENT)).isEqualTo(":\n\n");
    }

    @Test
    void halfAnEmojiSurvivesAsAnEscape() {
        assertThat(encoded(new Frame(null, "\"😀\""))).isEqualTo("data: \"😀\"\n\n");
        assertThat(encoded(new Frame(null, "\"\ud83d\""))).isEqualTo("data: \"\\ud83d\"\n\n");
        assertThat(encoded(new Frame(null, "\"\ude00\""))).isEqualTo("data: \"\\ude00\"\n\n");
    }
}
