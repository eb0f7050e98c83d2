# mtlearn with everything that its extras bring: docker build -t mtlearn . && docker run -it mtlearn
# Not built by the gate, which has no Docker engine: the same steps were run in a virtual environment.
FROM python:3.13-slim
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir '.[all]' && rm -rf /src
RUN useradd --create-home learner
USER learner
WORKDIR /home/learner
ENV MTLEARN_HOME=/home/learner/.mtlearn MTLEARN_WORKSPACE=/home/learner/exercises
# What a check starts is ended with it; --init also collects what a killed container leaves behind.
CMD ["mtlearn"]
