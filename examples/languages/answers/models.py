"""Models of texts: a vectorizer makes numbers of them, and is fitted to the training texts only."""

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
