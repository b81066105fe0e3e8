package dev.tollgate.health;

/**
 * A target and a credential, by their names.
 *
 * @param model empty where a call concerns none
 */
record Who(String provider, String model, String credential) {

    String label() {
        return model.isEmpty() ? provider : provider + "/" + model;
    }
}
