import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Obeys the commands on stdin, one a line, with Kafka's own client; see Script in script.go.
 * Prints one line for each record sent: its partition and its offset.
 */
public class Produce {
  private final String brokers;
  private KafkaProducer<String, String> producer;
  private final List<Future<RecordMetadata>> underWay = new ArrayList<>();
  private String topic;

  Produce(String brokers) { this.brokers = brokers; }

  public static void main(String[] args) throws Exception {
    Produce p = new Produce(args[0]);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      p.obey(line.split(" ", 3));
    }
    p.close();
  }

  private void obey(String[] words) throws Exception {
    switch (words[0]) {
      case "open" -> open(words[1], words.length > 2 ? words[2] : "");
      case "topic" -> topic = words[1];
      case "begin" -> producer.beginTransaction();
      case "send" -> underWay.add(producer.send(new ProducerRecord<>(topic, words[1], words[2])));
      case "flush" -> settle();
      case "commit" -> { settle(); producer.commitTransaction(); }
      case "abort" -> { settle(); producer.abortTransaction(); }
      case "truncate" -> truncate(Integer.parseInt(words[1]), Long.parseLong(words[2]));
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private void open(String codec, String transaction) throws Exception {
    close();
    Properties p = new Properties();
    p.put("bootstrap.servers", brokers);
    p.put("compression.type", codec);
    p.put("linger.ms", "50");
    p.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
    p.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
    if (!transaction.isEmpty()) {
      p.put("transactional.id", transaction);
    }
    producer = new KafkaProducer<>(p);
    if (!transaction.isEmpty()) {
      producer.initTransactions();
    }
  }

  private void settle() throws Exception {
    producer.flush();
    for (Future<RecordMetadata> f : underWay) {
      System.out.println(f.get().partition() + " " + f.get().offset());
    }
    underWay.clear();
  }

  private void truncate(int partition, long before) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) brokers))) {
      admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(before))).all().get();
    }
  }

  private void close() throws Exception {
    if (producer != null) {
      settle();
      producer.close();
    }
  }
}
