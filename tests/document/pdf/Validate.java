import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints one line for each rule that a PDF breaks: Validate FLAVOUR FILE. Exit status 1 if there is any. */
public class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.fromString(arguments[0]);
        try (PDFAParser parser = Foundries.defaultInstance()
                .createParser(new FileInputStream(arguments[1]), flavour)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
            ValidationResult result = validator.validate(parser);
            for (TestAssertion broken : result.getTestAssertions()) {
                if (broken.getStatus() == TestAssertion.Status.FAILED) {
                    System.out.println(broken.getRuleId() + ": " + broken.getMessage());
                }
            }
            System.out.println(flavour + " " + result.isCompliant() + " " + result.getTotalAssertions());
            System.exit(result.isCompliant() ? 0 : 1);
        }
    }
}
