"""Models of texts: a vectorizer makes numbers of them, and is fitted to the training texts only."""

from keras import Sequential, layers
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline


def words(input_shape, classes):
    """Build naive Bayes on how often each word occurs."""
    return make_pipeline(CountVectorizer(), MultinomialNB())


def letters(input_shape, classes):
    """Build a logistic regression on how often one to three letters follow one another in a word."""
    return make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3)), LogisticRegression(C=10, max_iter=1000)
    )


def network(input_shape, classes):
    """Build a network on pairs of letters; TextVectorization learns which of them occur."""
    return Sequential(
        [
            layers.Input(input_shape, dtype="string"),
            layers.TextVectorization(
                max_tokens=2000, split="character", ngrams=2, output_mode="multi_hot", pad_to_max_tokens=True
            ),
            layers.Dense(32, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(classes, activation="softmax"),
        ]
    )
