-- The newest contact data of customers, over all that they ever sent.
SELECT
    f.customer_id AS customer_id,
    argMaxIf(f.customer_name, f.occurred_at, f.customer_name != '') AS name,
    argMaxIf(f.customer_email, f.occurred_at, f.customer_email != '') AS email,
    argMaxIf(f.customer_phone, f.occurred_at, f.customer_phone != '') AS phone,
    argMaxIf(f.customer_segment, f.occurred_at, f.customer_segment != '') AS segment,
    argMax(f.customer_value, f.occurred_at) AS value
FROM feedback AS f
WHERE f.customer_id IN {customers:Array(String)}
GROUP BY f.customer_id

