package dev.tollgate.dialect.openairesponses;

/**
 * The items of an answer that are being made and are not shown as they grow: thoughts, and calls of tools that the provider
 * runs. Events that say that these are in progress are all that comes for minutes.
 */
final class UnseenWork {
    private int items;

    /** @param type the type of the event */
    void see(String type, String data) {
        if (type.equals("response.output_item.added") && isUnseen(data)) {
            items++;
        } else if (type.equals("response.output_item.done") && isUnseen(data) && items > 0) {
            items--;
        }
    }

    /** Whether an item is none of those that are told in deltas; inside a longer string the quotes would be escaped. */
    private static boolean isUnseen(String data) {
        return !data.contains("\"message\"")
                && !data.contains("\"function_call\"")
                && !data.contains("\"custom_tool_call\"");
    }

    boolean isUnderWay() {
        return items > 0;
    }
}
