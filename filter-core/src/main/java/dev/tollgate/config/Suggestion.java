package dev.tollgate.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The name that somebody who misspelt one probably meant. */
final class Suggestion {

    private Suggestion() {}

    /** The nearest of the known names, if one is near. */
    static Optional<String> nearest(String misspelt, Collection<String> known) {
        int tolerance = Math.max(1, Math.min(3, misspelt.length() / 3));
        return known.stream()
                .filter(name -> distance(misspelt, name) <= tolerance)
                .min(Comparator.comparingInt((String name) -> distance(misspelt, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The suggestion as the end of a sentence: {@code " - did you mean 'weight'?"}, or nothing. */
    static String ending(String misspelt, Collection<String> known) {
        return nearest(misspelt, known)
                .map(name -> " - did you mean '" + name + "'?")
                .orElse("");
    }

    /** Letters to insert, remove, replace or swap with their neighbour (the optimal string alignment distance). */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
