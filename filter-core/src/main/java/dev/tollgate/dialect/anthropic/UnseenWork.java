package dev.tollgate.dialect.anthropic;

/**
 * What a model is at that its stream does not show as it goes, so that pings are all that comes for minutes: thoughts that are
 * not displayed, a tool that the provider runs, a conversation being shortened.
 */
final class UnseenWork {
    private boolean thinking;
    private boolean awaiting;

    /** @param type the type of the event */
    void see(String type, String data) {
        switch (type) {
            case "content_block_start" -> {
                // Inside a longer string the quotes of these would be escaped.
                thinking = data.contains("\"thinking\"") || data.contains("\"compaction\"");
                awaiting = data.contains("\"server_tool_use\"") || data.contains("\"mcp_tool_use\"");
            }
            case "content_block_stop" -> thinking = false;
            case "message_delta", "message_stop", "error" -> {
                thinking = false;
                awaiting = false;
            }
            default -> {
                // more of what is under way
            }
        }
    }

    boolean isUnderWay() {
        return thinking || awaiting;
    }
}
