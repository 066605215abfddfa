# shellcheck shell=sh disable=SC2154
# read_heard KEY: the item of that key in the partition machines may read; `{}` where there is none.
read_heard() {
  aws_call dynamodb DynamoDB_20120810.GetItem \
    '{"TableName":"'"$state_table"'","Key":{"pk":{"S":"'"$farm"'#heard"},"sk":{"S":"'"$1"'"}}}'
}
